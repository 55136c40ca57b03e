import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { root, shell } from '../shell/root.ts';

/** The text in the address after `?`: what a page shows is all in there, so that a link shows what its sender saw. */
export type Search = Readonly<Record<string, string | undefined>>;

type Load = () => Promise<ComponentType>;

/**
 * A page. Its component is loaded when it is first opened, and becomes a file of its own.
 * @param path `/alerts/$id`
 */
export function page(path: string, load: Load) {
  return createRoute({ getParentRoute: () => shell, path, validateSearch: texts, component: componentOf(load) });
}

/** A page for somebody who is signed out: without the rail. */
export function openPage(path: string, load: Load) {
  return createRoute({ getParentRoute: () => root, path, validateSearch: texts, component: componentOf(load) });
}

function componentOf(load: Load) {
  return lazyRouteComponent(async () => ({ page: await load() }), 'page');
}

function texts(search: Record<string, unknown>): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => typeof value === 'string')) as Search;
}

import { useEffect, useRef } from 'react';
import { remember, remembered } from '../remember.ts';
import { storeOf, useStore } from '../store.ts';

/*
 * Single letters that do something. They are off while something is typed, and can be turned off for good (WCAG 2.1.4). A key that is
 * pressed goes to the layer that was put up last and knows it: what a page says wins over the shell, a drawer over the page. `g` and `c`
 * begin a pair: `g o`.
 */

export interface Key {
  /** `j`, `Enter`, `g o` */
  readonly keys: string;
  /** What it does, for the list of keys. */
  readonly does: string;
  readonly run: () => void;
}

interface Layer {
  readonly title: string;
  keys: readonly Key[];
}

const layers: Layer[] = [];
export const areKeysOn = storeOf(remembered('keys') !== 'off');
/** A begun pair; forgotten after a second and a half. */
let begun: string | null = null;
let forget = 0;

export function turnKeys(isOn: boolean): void {
  areKeysOn.set(isOn);
  remember('keys', isOn ? null : 'off');
}

/** The keys of a page or a part, for as long as it is shown. */
export function useKeys(title: string, keys: readonly Key[]): void {
  const layer = useRef<Layer | null>(null);
  useEffect(() => {
    const mine: Layer = { title, keys: [] };
    layer.current = mine;
    layers.push(mine);
    return () => {
      layers.splice(layers.indexOf(mine), 1);
      layer.current = null;
    };
  }, [title]);
  useEffect(() => {
    if (layer.current !== null) layer.current.keys = keys;
  });
}

/** All that work now, the innermost first. */
export function knownKeys(): readonly { readonly title: string; readonly keys: readonly Key[] }[] {
  return [...layers].reverse().filter(({ keys }) => keys.length > 0);
}

export function useAreKeysOn(): boolean {
  return useStore(areKeysOn);
}

export function listenForKeys(): () => void {
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  if (!areKeysOn.get() || isTyping(event.target)) return;
  if (event.key === 'Enter' && isPressable(event.target)) return;
  const pair = begun === null ? null : `${begun} ${event.key}`;
  begun = null;
  clearTimeout(forget);
  const found = (pair === null ? undefined : keyFor(pair)) ?? keyFor(event.key);
  if (found !== undefined) {
    event.preventDefault();
    found.run();
    return;
  }
  if (isBeginning(event.key)) {
    begun = event.key;
    forget = window.setTimeout(() => {
      begun = null;
    }, 1500);
  }
}

function keyFor(keys: string): Key | undefined {
  for (const layer of [...layers].reverse()) {
    const found = layer.keys.find((one) => one.keys === keys);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBeginning(key: string): boolean {
  return layers.some((layer) => layer.keys.some(({ keys }) => keys.startsWith(`${key} `)));
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, summary') !== null;
}

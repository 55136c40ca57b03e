import { z } from 'zod';
import { parseObject } from '../lib/json.ts';
import type { Behaviour, Received } from './loopback.test-support.ts';

/*
 * Bodies of Jira Cloud's REST API v3: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/, and of documents the nodes
 * that we use: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */

const mark = z.union([
  z.strictObject({ type: z.enum(['strong', 'code']) }),
  z.strictObject({ type: z.literal('link'), attrs: z.strictObject({ href: z.url({ protocol: /^https?$/ }) }) }),
]);
const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), marks: z.array(mark).optional() });
const content = z.array(text);

const document = z.strictObject({
  type: z.literal('doc'),
  version: z.literal(1),
  content: z.array(
    z.union([
      z.strictObject({ type: z.literal('paragraph'), content }),
      z.strictObject({ type: z.literal('heading'), attrs: z.strictObject({ level: z.literal(3) }), content }),
      z.strictObject({ type: z.literal('codeBlock'), attrs: z.strictObject({ language: z.string() }), content }),
    ]),
  ),
});

const property = z.strictObject({
  key: z.literal('cosmowatch.alert'),
  value: z.strictObject({ message: z.string().min(1) }),
});
const common = {
  summary: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\n]*$/),
  description: document.refine((of) => JSON.stringify(of).length <= 32_767, 'CONTENT_LIMIT_EXCEEDED'),
  priority: z.strictObject({ name: z.enum(['Highest', 'High', 'Medium', 'Low', 'Lowest']) }).optional(),
};

export const issueBody = z.strictObject({
  fields: z.strictObject({
    ...common,
    project: z.strictObject({ key: z.literal('SEC') }),
    issuetype: z.strictObject({ name: z.literal('Task') }),
    labels: z.array(z.string().regex(/^\S{1,255}$/)),
  }),
  properties: z.array(property).length(1),
});

export const editBody = z.strictObject({
  fields: z.strictObject(common),
  properties: z.array(property).length(1),
  update: z
    .strictObject({ comment: z.array(z.strictObject({ add: z.strictObject({ body: document }) })).length(1) })
    .optional(),
});

const searchBody = z.strictObject({
  jql: z.string().regex(/^project = "SEC" AND labels = "[\w.-]+" ORDER BY created DESC$/),
  fields: z.tuple([z.literal('status')]),
  properties: z.tuple([z.literal('cosmowatch.alert')]),
  maxResults: z.literal(1),
  reconcileIssues: z.array(z.number().int()).max(50).optional(),
});

export interface Issue {
  readonly id: string;
  readonly labels: readonly string[];
  status: 'new' | 'indeterminate' | 'done';
  told: string;
  summary: string;
  priority: string | undefined;
  readonly comments: string[];
  /** Searches do not know it yet, unless they name it. */
  isIndexed: boolean;
}

export interface Site {
  readonly issues: Issue[];
  /** Where a workflow leads from everywhere: name and category of the status. */
  workflow: readonly (readonly [name: string, status: Issue['status']])[];
  answer(request: Received): Behaviour;
}

/** A site with one project. It makes two issues of two equal requests. */
export function jiraSite(): Site {
  const site: Site = {
    issues: [],
    workflow: [
      ['Back', 'new'],
      ['Done', 'done'],
    ],
    answer,
  };
  return site;

  function answer({ method, path, body }: Received): Behaviour {
    if (method === 'POST' && path === '/rest/api/3/search/jql') return search(body);
    if (method === 'POST' && path === '/rest/api/3/issue') return create(body);
    const [, id, what] = /^\/rest\/api\/3\/issue\/(\d+)(\/transitions)?$/.exec(path) ?? [];
    const issue = site.issues.find((one) => one.id === id);
    if (issue === undefined) return refused(404, 'Issue does not exist or you do not have permission to see it.');
    if (what === undefined && method === 'PUT') return edit(issue, body);
    return method === 'GET' ? transitions() : move(issue, body);
  }

  function search(body: string): Behaviour {
    const read = searchBody.safeParse(parseObject(body));
    if (!read.success) return refused(400, z.prettifyError(read.error));
    const { jql, reconcileIssues = [] } = read.data;
    const label = /labels = "([\w.-]+)"/.exec(jql)![1]!;
    const found = site.issues
      .filter(
        ({ id, labels, isIndexed }) => labels.includes(label) && (isIndexed || reconcileIssues.includes(Number(id))),
      )
      .toReversed()
      .slice(0, 1)
      .map(({ id, status, told }) => ({
        id,
        key: `SEC-${id}`,
        fields: { status: { name: status, statusCategory: { key: status } } },
        properties: { 'cosmowatch.alert': { message: told } },
      }));
    return told(200, { issues: found, isLast: true });
  }

  function create(body: string): Behaviour {
    const read = issueBody.safeParse(parseObject(body));
    if (!read.success) return refused(400, z.prettifyError(read.error));
    const { fields, properties } = read.data;
    const id = `${10_001 + site.issues.length}`;
    const { summary, labels, priority } = fields;
    const told_ = properties[0]!.value.message;
    site.issues.push({
      id,
      labels,
      status: 'new',
      told: told_,
      summary,
      priority: priority?.name,
      comments: [],
      isIndexed: true,
    });
    return told(201, { id, key: `SEC-${id}`, self: `https://contoso.atlassian.example/rest/api/3/issue/${id}` });
  }

  function edit(issue: Issue, body: string): Behaviour {
    const read = editBody.safeParse(parseObject(body));
    if (!read.success) return refused(400, z.prettifyError(read.error));
    const { fields, properties, update } = read.data;
    issue.summary = fields.summary;
    issue.priority = fields.priority?.name;
    issue.told = properties[0]!.value.message;
    if (update !== undefined) issue.comments.push(JSON.stringify(update.comment[0]!.add.body));
    return { kind: 'answer', status: 204 };
  }

  function transitions(): Behaviour {
    const all = site.workflow.map(([name, status], at) => ({
      id: `${at + 11}`,
      name,
      to: { name, statusCategory: { key: status } },
    }));
    return told(200, { transitions: all });
  }

  function move(issue: Issue, body: string): Behaviour {
    const read = z.strictObject({ transition: z.strictObject({ id: z.string() }) }).safeParse(parseObject(body));
    const to = read.success ? site.workflow[Number(read.data.transition.id) - 11] : undefined;
    if (to === undefined) return refused(400, 'It seems that you have tried to perform an illegal workflow operation.');
    [, issue.status] = to;
    return { kind: 'answer', status: 204 };
  }
}

function told(status: number, body: unknown): Behaviour {
  return { kind: 'answer', status, body: JSON.stringify(body) };
}

function refused(status: number, message: string): Behaviour {
  return told(status, { errorMessages: [message], errors: {} });
}

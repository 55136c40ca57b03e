import { createHmac } from 'node:crypto';
import type { AddressInfo, Server, Socket } from 'node:net';
import rhea from 'rhea';
import type { Clock } from '../../src/lib/clock.ts';

/*
 * As much of Event Hubs over AMQP 1.0 as a consumer sees: tokens put to `$cbs`, questions to `$management`, and a log per partition that
 * is read from an offset, a sequence number or an enqueued time. What goes wrong in the cloud can be made to go wrong here.
 */

export interface BrokerOptions {
  readonly clock: Clock;
  readonly partitions?: number;
  readonly hub?: string;
  readonly keyName?: string;
  readonly key?: string;
  /** A token of Entra ID that it takes. */
  readonly jwt?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface StoredEvent {
  readonly sequence: number;
  readonly offset: string;
  readonly enqueued: number;
  /** An AMQP section, as rhea writes it. */
  readonly body: unknown;
  readonly size: number;
}

interface Subscriber {
  readonly link: rhea.Sender;
  readonly group: string;
  readonly epoch: number | null;
  readonly wantsMetrics: boolean;
  next: number;
  sent: number;
}

interface Partition {
  readonly id: string;
  log: StoredEvent[];
  readonly subscribers: Set<Subscriber>;
}

interface AmqpFault {
  readonly condition: string;
  readonly description: string;
}

const RECEIVE = /^(?:.*\/)?([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/(\d+)$/;
const POSITION = /annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*'([^']*)'/;

export async function startBroker(options: BrokerOptions): Promise<AmqpBroker> {
  const broker = new AmqpBroker(options);
  await broker.listen(0);
  return broker;
}

export class AmqpBroker {
  readonly hub: string;
  readonly groups = new Set(['$Default']);
  /** What was asked of receivers, in order: filter, epoch, consumer group, partition. */
  readonly attached: { filter: string; epoch: number | null; group: string; partition: string }[] = [];
  readonly tokenTypes: string[] = [];
  /** Bytes of bodies that were sent. */
  sent = 0;
  /** Answers every question and every receiver with this. */
  fault: AmqpFault | null = null;
  /** Takes everything and answers nothing. */
  isDeaf = false;
  partitions: Partition[];
  key: string;
  readonly #options: BrokerOptions;
  readonly #container = rhea.create_container({ id: 'hub-under-test' });
  readonly #sockets = new Set<Socket>();
  readonly #trusted = new WeakSet<rhea.Connection>();
  readonly #replies = new Map<rhea.Connection, Map<string, rhea.Sender>>();
  #server: Server | null = null;
  #port = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.hub = options.hub ?? 'insights-logs';
    this.key = options.key ?? 'k3y-of-the-test-broker';
    this.partitions = freshPartitions(options.partitions ?? 2);
    const { sasl_server_mechanisms: mechanisms } = this.#container;
    (mechanisms as { enable_anonymous(): void }).enable_anonymous();
    this.#container.on('sender_open', (context: rhea.EventContext) => this.#attachSender(context.sender!));
    this.#container.on('receiver_open', (context: rhea.EventContext) => acceptReceiver(context.receiver!));
    this.#container.on('message', (context: rhea.EventContext) => this.#message(context));
    for (const event of ['connection_error', 'session_error', 'disconnected', 'error', 'protocol_error'])
      this.#container.on(event, () => {});
  }

  get port(): number {
    return this.#port;
  }

  connectionString(key = this.key, hub: string | null = this.hub): string {
    const entity = hub === null ? '' : `;EntityPath=${hub}`;
    const { keyName = 'listen' } = this.#options;
    return `Endpoint=sb://127.0.0.1:${this.#port};SharedAccessKeyName=${keyName};SharedAccessKey=${key};UseDevelopmentEmulator=true${entity}`;
  }

  async listen(port = this.#port): Promise<void> {
    const { tls } = this.#options;
    const where = { port, host: '127.0.0.1' };
    const server = this.#container.listen(tls === undefined ? where : { ...where, ...tls, transport: 'tls' }) as Server;
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
    await new Promise((resolve) => server.once('listening', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Every socket is cut, as a network does. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nobody listens any more, until `listen`. What was sent to it stays. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.dropConnections();
    for (const { subscribers } of this.partitions) subscribers.clear();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  /** Bytes or a text go as a data section, as Azure Monitor sends them; `section` is any other. */
  append(partition: number, body: Uint8Array | string, section?: unknown): StoredEvent {
    const { log, subscribers } = this.partitions[partition]!;
    const bytes = Buffer.from(body);
    const last = log.at(-1);
    const event: StoredEvent = {
      sequence: last === undefined ? 0 : last.sequence + 1,
      offset: String(last === undefined ? 0 : Number(last.offset) + 64 + bytes.length),
      enqueued: Math.max(last?.enqueued ?? 0, this.#options.clock.now()),
      body: section ?? rhea.message.data_section(bytes),
      size: bytes.length,
    };
    log.push(event);
    for (const one of subscribers) this.#pump(one, this.partitions[partition]!);
    return event;
  }

  /** The hub was deleted and made again: offsets and sequence numbers begin anew. */
  makeAnew(): void {
    this.fail({ condition: 'amqp:link:detach-forced', description: 'The entity was deleted.' });
    this.partitions = freshPartitions(this.partitions.length);
  }

  /** All receivers are detached with this. */
  fail(fault: AmqpFault): void {
    for (const { subscribers } of this.partitions) {
      for (const { link } of subscribers) link.close(fault);
      subscribers.clear();
    }
  }

  /** Another reader with a higher epoch takes a partition. */
  steal(partition: number, epoch = 1): void {
    this.#evict(this.partitions[partition]!, '$Default', epoch);
  }

  #evict(partition: Partition, group: string, epoch: number): void {
    for (const one of partition.subscribers) {
      if (one.group !== group || one.epoch === null || one.epoch > epoch) continue;
      partition.subscribers.delete(one);
      one.link.close({
        condition: 'amqp:link:stolen',
        description: `New receiver with higher epoch of '${epoch}' is created hence current receiver with epoch '${one.epoch}' is getting disconnected.`,
      });
    }
  }

  /** A peer that wants to receive: a partition, or the answers of `$cbs` and `$management`. */
  #attachSender(link: rhea.Sender): void {
    const address = String(link.source?.address ?? '');
    link.set_source(link.source);
    link.set_target(link.target);
    const wanted = RECEIVE.exec(address);
    if (wanted !== null) {
      this.#subscribe(link, address, wanted[1]!, wanted[2]!, wanted[3]!);
      return;
    }
    const links = this.#replies.get(link.connection) ?? new Map<string, rhea.Sender>();
    this.#replies.set(link.connection, links.set(address.split('/').at(-1)!, link));
  }

  #subscribe(link: rhea.Sender, address: string, hub: string, group: string, id: string): void {
    const partition = this.partitions[Number(id)];
    const refusal = this.#refusalOf(link.connection) ?? this.fault;
    if (refusal !== null) {
      link.close(refusal);
      return;
    }
    if (hub !== this.hub || !this.groups.has(group) || partition === undefined) {
      link.close(notFound(address));
      return;
    }
    const filter = filterOf(link.source?.filter);
    const epoch = numberOf(link.properties?.['com.microsoft:epoch']);
    this.attached.push({ filter, epoch, group, partition: id });
    if (epoch !== null) this.#evict(partition, group, epoch);
    const wantsMetrics = [link.desired_capabilities]
      .flat()
      .map(String)
      .some((one) => one.includes('runtime-metric'));
    const subscriber = { link, group, epoch, wantsMetrics, next: startOf(partition, filter), sent: 0 };
    partition.subscribers.add(subscriber);
    link.on('sendable', () => this.#pump(subscriber, partition));
    link.on('sender_close', () => partition.subscribers.delete(subscriber));
  }

  #pump(one: Subscriber, partition: Partition): void {
    if (!partition.subscribers.has(one)) return;
    const last = partition.log.at(-1);
    while (mayBeSent(one) && one.next < partition.log.length) {
      const event = partition.log[one.next++]!;
      one.sent++;
      this.sent += event.size;
      one.link.send({
        body: event.body,
        message_annotations: {
          'x-opt-sequence-number': rhea.types.wrap_long(event.sequence),
          'x-opt-offset': event.offset,
          'x-opt-enqueued-time': rhea.types.wrap_timestamp(event.enqueued),
        },
        ...(one.wantsMetrics && last !== undefined
          ? { delivery_annotations: metricsOf(last, this.#options.clock) }
          : {}),
      });
    }
  }

  #refusalOf(connection: rhea.Connection): AmqpFault | null {
    if (this.#trusted.has(connection)) return null;
    return { condition: 'amqp:unauthorized-access', description: 'Unauthorized access. Listen claims are required.' };
  }

  #message({ message, receiver, connection, delivery }: rhea.EventContext): void {
    const to = String(receiver!.target?.address ?? '')
      .split('/')
      .at(-1)!;
    delivery!.accept();
    receiver!.add_credit(1);
    const properties = message!.application_properties as Readonly<Record<string, string>>;
    const reply = (status: number, description: string, body?: unknown, condition?: string): void => {
      if (this.isDeaf) return;
      this.#replies
        .get(connection)
        ?.get(to)
        ?.send({
          correlation_id: String(message!.message_id),
          application_properties: {
            'status-code': status,
            'status-description': description,
            ...(condition === undefined ? {} : { 'error-condition': condition }),
          },
          body,
        });
    };
    if (to === '$cbs') {
      this.#putToken(connection, properties, String(message!.body), reply);
      return;
    }
    if (this.fault !== null) {
      reply(503, this.fault.description, undefined, this.fault.condition);
      return;
    }
    this.#answer(properties, reply);
  }

  #putToken(
    connection: rhea.Connection,
    { type = '' }: Readonly<Record<string, string>>,
    token: string,
    reply: Reply,
  ): void {
    this.tokenTypes.push(type);
    const isGood = type === 'jwt' ? token === this.#options.jwt : isSigned(token, this.key);
    if (!isGood) {
      reply(401, 'InvalidSignature: The token has an invalid signature.');
      return;
    }
    this.#trusted.add(connection);
    reply(202, 'Accepted');
  }

  #answer({ type, partition, name }: Readonly<Record<string, string>>, reply: Reply): void {
    if (name !== this.hub) {
      reply(404, `The messaging entity 'sb://127.0.0.1/${name}' could not be found.`);
      return;
    }
    if (type === 'com.microsoft:eventhub') {
      const ids = this.partitions.map(({ id }) => id);
      reply(200, 'OK', {
        name,
        type,
        created_at: rhea.types.wrap_timestamp(0),
        partition_count: rhea.types.wrap_int(ids.length),
        partition_ids: rhea.types.wrap_array(ids, 0xa1, undefined),
      });
      return;
    }
    const found = this.partitions[Number(partition)];
    if (found === undefined) {
      reply(404, 'no such partition');
      return;
    }
    const last = found.log.at(-1);
    reply(200, 'OK', {
      name,
      type,
      partition,
      begin_sequence_number: rhea.types.wrap_long(found.log[0]?.sequence ?? 0),
      last_enqueued_sequence_number: rhea.types.wrap_long(last?.sequence ?? -1),
      last_enqueued_offset: last?.offset ?? '-1',
      last_enqueued_time_utc: rhea.types.wrap_timestamp(last?.enqueued ?? 0),
      is_partition_empty: last === undefined,
    });
  }
}

type Reply = (status: number, description: string, body?: unknown, condition?: string) => void;

/** rhea takes more than the peer has asked for, and then sends nothing to anybody until it is asked for. */
function mayBeSent({ link, sent }: Subscriber): boolean {
  const { credit, delivery_count: delivered } = link as unknown as { credit: number; delivery_count: number };
  return link.is_open() && link.sendable() && sent - delivered < credit;
}

function freshPartitions(count: number): Partition[] {
  return Array.from({ length: count }, (_, at) => ({ id: String(at), log: [], subscribers: new Set() }));
}

/** A peer that wants to send: its messages may be as long as Event Hubs allows, else the client refuses to send any. */
function acceptReceiver(link: rhea.Receiver): void {
  (link as unknown as { local: { attach: { max_message_size: number } } }).local.attach.max_message_size = 1 << 20;
  link.set_source(link.source);
  link.set_target(link.target);
  link.add_credit(100);
}

function notFound(address: string): AmqpFault {
  return { condition: 'amqp:not-found', description: `The messaging entity '${address}' could not be found.` };
}

function filterOf(filter: unknown): string {
  const described = (filter as Readonly<Record<string, unknown>> | undefined)?.['apache.org:selector-filter:string'];
  return String((described as { readonly value?: unknown } | undefined)?.value ?? described ?? '');
}

function numberOf(value: unknown): number | null {
  return value === undefined || value === null ? null : Number(value);
}

function startOf({ log }: Partition, filter: string): number {
  const found = POSITION.exec(filter);
  if (found === null) throw new Error(`a filter that no client sends: ${filter}`);
  const [, what, comparison, text] = found;
  if (text === '@latest') return log.length;
  const wanted = Number(text);
  const isWanted = (event: StoredEvent): boolean => {
    const value =
      what === 'offset' ? Number(event.offset) : what === 'sequence-number' ? event.sequence : event.enqueued;
    return value > wanted || (comparison === '>=' && value === wanted);
  };
  const at = log.findIndex(isWanted);
  return at < 0 ? log.length : at;
}

function metricsOf(last: StoredEvent, clock: Clock): rhea.DeliveryAnnotations {
  return {
    last_enqueued_sequence_number: rhea.types.wrap_long(last.sequence),
    last_enqueued_offset: last.offset,
    last_enqueued_time_utc: rhea.types.wrap_timestamp(last.enqueued),
    runtime_info_retrieval_time_utc: rhea.types.wrap_timestamp(clock.now()),
  } as unknown as rhea.DeliveryAnnotations;
}

/** `SharedAccessSignature sr=..&sig=..&se=..&skn=..`, signed over resource and expiry. */
function isSigned(token: string, key: string): boolean {
  const parts = new Map(
    token
      .replace(/^SharedAccessSignature /, '')
      .split('&')
      .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  const signed = createHmac('sha256', key)
    .update(`${parts.get('sr')}\n${parts.get('se')}`)
    .digest('base64');
  return decodeURIComponent(parts.get('sig') ?? '') === signed;
}

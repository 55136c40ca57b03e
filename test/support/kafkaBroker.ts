import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * A real Kafka broker of one node (KRaft), from Maven's artefacts, which are kept under node_modules/.cache. Clients reach it through
 * proxies, which can be closed and whose connections can be cut: that is quicker than to start a JVM again.
 */

const VERSION = '4.1.0';
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/kafka-broker', import.meta.url));
export const PASSWORD = 'canary-pw-of-kafka';

/** Why no broker can be started here; null: one can. */
export function whyNoKafka(): string | null {
  for (const [program, flag] of [
    ['java', '-version'],
    ['mvn', '-version'],
  ] as const) {
    try {
      execFileSync(program, [flag], { stdio: 'ignore' });
    } catch {
      return `${program} is not there`;
    }
  }
  try {
    jars();
    return null;
  } catch {
    return `Maven could not get kafka_2.13 ${VERSION}`;
  }
}

/** The folder with all jars; fetched once. */
function jars(): string {
  const folder = join(CACHE, VERSION);
  if (existsSync(join(folder, 'done'))) return folder;
  mkdirSync(folder, { recursive: true });
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  const dependencies =
    dependency('org.apache.kafka', 'kafka_2.13', VERSION) + dependency('org.slf4j', 'slf4j-nop', '1.7.36');
  const project = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>test</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging><dependencies>${dependencies}</dependencies></project>`;
  writeFileSync(join(folder, 'pom.xml'), project);
  const options = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
  execFileSync('mvn', options, { cwd: folder, stdio: 'ignore', timeout: 600_000 });
  writeFileSync(join(folder, 'done'), '');
  return folder;
}

/** A door to the broker that can be shut. */
export class Door {
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  port = 0;
  /** Bytes that the broker sent through it. */
  sent = 0;

  constructor(to: number) {
    this.#to = to;
  }

  async open(): Promise<void> {
    const server = createServer((client) => {
      const broker = connect(this.#to, '127.0.0.1');
      broker.on('data', (bytes) => {
        this.sent += bytes.length;
      });
      for (const [one, other] of [
        [client, broker],
        [broker, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => {});
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.#server = server;
    this.port = (server.address() as { readonly port: number }).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cut();
    await closed;
  }
}

export class KafkaBroker {
  readonly plain: Door;
  readonly sasl: Door;
  readonly oauth: Door;
  readonly tls: Door;
  /** The file with the certificate of `tls`. */
  readonly certificate: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, child: ChildProcess, [plain, sasl, oauth, tls]: readonly Door[]) {
    this.#folder = folder;
    this.#process = child;
    this.plain = plain!;
    this.sasl = sasl!;
    this.oauth = oauth!;
    this.tls = tls!;
    this.certificate = join(folder, 'cert.pem');
  }

  /** Takes some ten seconds. */
  static async start(): Promise<KafkaBroker> {
    const folder = mkdtempSync(join(tmpdir(), 'cw-kafka-'));
    const [control, ...ports] = await Promise.all([0, 1, 2, 3, 4].map(freePort));
    const doors = ports.map((port) => new Door(port));
    for (const one of doors) await one.open();
    makeCertificate(folder);
    const config = join(folder, 'server.properties');
    writeFileSync(config, properties(folder, ports, doors, control!));
    const java = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', `${jars()}/*`];
    const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', config];
    execFileSync('java', [...java, ...format], { stdio: 'ignore' });
    const child = spawn('java', [...java, 'kafka.Kafka', config], { stdio: 'ignore' });
    for (let tries = 0; tries < 600 && !(await isOpen(ports[0]!)); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    return new KafkaBroker(folder, child, doors);
  }

  async stop(): Promise<void> {
    for (const one of [this.plain, this.sasl, this.oauth, this.tls]) await one.close();
    const over = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await over;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function properties(folder: string, ports: readonly number[], doors: readonly Door[], control: number): string {
  const names = ['PLAIN', 'SASL', 'OAUTH', 'TLS'];
  const listen = names.map((name, at) => `${name}://127.0.0.1:${ports[at]}`);
  const told = names.map((name, at) => `${name}://127.0.0.1:${doors[at]!.port}`);
  const security = 'org.apache.kafka.common.security';
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${control}`,
    `listeners=${[...listen, `CONTROL://127.0.0.1:${control}`].join()}`,
    `advertised.listeners=${told.join()}`,
    'listener.security.protocol.map=PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,OAUTH:SASL_PLAINTEXT,TLS:SSL,CONTROL:PLAINTEXT',
    'inter.broker.listener.name=PLAIN',
    'controller.listener.names=CONTROL',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    'listener.name.sasl.sasl.enabled.mechanisms=PLAIN',
    `listener.name.sasl.plain.sasl.jaas.config=${security}.plain.PlainLoginModule required username="broker" password="broker" user_reader="${PASSWORD}";`,
    'listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER',
    `listener.name.oauth.oauthbearer.sasl.jaas.config=${security}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    `listener.name.oauth.oauthbearer.sasl.server.callback.handler.class=${security}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
    'listener.name.tls.ssl.keystore.type=PEM',
    `listener.name.tls.ssl.keystore.location=${join(folder, 'both.pem')}`,
    '',
  ].join('\n');
}

/** The same for the broker (`both.pem`) and for whoever is to trust it (`cert.pem`). */
function makeCertificate(folder: string): void {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  writeFileSync(join(folder, 'both.pem'), readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

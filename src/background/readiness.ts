import { connect, type NetConnectOpts } from 'node:net';
import { descriptorOf } from '../services/index.ts';
import type { PlannedService } from '../services/requests.ts';
import { isRecord, parseJson, property } from '../text/json.ts';
import { type Availability, supports } from '../versions/releases.ts';

/** What tbot is expected to do. */
export interface Expected {
  /** Version of tbot. */
  readonly version: string;
  /** The address of its diagnostics, as `host:port`. */
  readonly diagnostics: string;
  readonly services: readonly PlannedService[];
}

/** From here on, `/readyz` reports the state of the services (CHANGELOG.md of 17.5.4 and 18.0.2). */
const truthfulReadyz: Availability = { since: ['17.5.4', '18.0.2'] };

/** Milliseconds to wait for an answer on the loopback interface. */
const patience = 2000;

/**
 * Returns why tbot is not ready, as clauses; none if it has issued all credentials and accepts
 * connections at all addresses. The files are verified afterwards, as in oneshot mode.
 */
export async function notReady(
  expected: Expected,
  log: readonly string[],
): Promise<readonly string[]> {
  const { version, services } = expected;
  const unissued = supports(version, truthfulReadyz)
    ? await unhealthy(expected)
    : notRenewed(services, log);
  if (unissued.length > 0) return unissued;
  const closed = await Promise.all(services.map(closedAddresses));
  return closed.flat();
}

/**
 * tbot's own services on which no credential depends (lib/tbot/bot/bot.go). A cluster that rejects the
 * heartbeats of its bots can still issue credentials.
 */
const ownServices = new Set(['ca-rotation', 'crl-cache', 'heartbeat', 'spiffe-trust-bundle-cache']);

/** Returns a clause for each service that `/readyz` does not report as healthy. */
async function unhealthy({ diagnostics, services }: Expected): Promise<readonly string[]> {
  const answer = await readyz(diagnostics);
  if (answer === undefined) return ['it has not joined the cluster'];
  if (answer.status === 200) return [];
  const json = property(parseJson(answer.text), 'services');
  const states = Object.entries(isRecord(json) ? json : {}).filter(
    ([label]) => !ownServices.has(label),
  );
  if (states.length === 0) return [`/readyz returned HTTP ${answer.status}`];
  return states.flatMap(([label, state]) => {
    const status = property(state, 'status');
    if (status === 'healthy') return [];
    const reason = property(state, 'reason');
    const why = typeof reason === 'string' ? `: ${reason.replaceAll(/\s+/g, ' ')}` : '';
    return [`${nameOf(label, services)} is ${String(status)}${why}`];
  });
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/** Requests `/readyz`. Returns undefined if tbot does not answer. */
async function readyz(diagnostics: string): Promise<Answer | undefined> {
  // Loaded here, because importing it takes 20 ms: its exports include Node's own copy of undici.
  const { get } = await import('node:http');
  return new Promise((resolve) => {
    const none = (): void => resolve(undefined);
    const request = get(`http://${diagnostics}/readyz`, { agent: false, timeout: patience });
    request.on('error', none).on('timeout', () => request.destroy());
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text })).on('error', none);
    });
  });
}

/** Returns a credential's name for the label of its service, which contains its directory or address. */
function nameOf(label: string, services: readonly PlannedService[]): string {
  const service = services.find(
    ({ dir, listen, name }) =>
      label === name || label.includes(dir) || (listen !== undefined && label.includes(listen)),
  );
  return `\`${service?.name ?? label}\``;
}

/**
 * Returns a clause if the log does not contain the first complete renewal. tbot 15 logs one line for all
 * outputs, 16 and later one for each (recorded from 15.0.0-dev; lib/tbot/internal/loop.go).
 */
function notRenewed(
  services: readonly PlannedService[],
  log: readonly string[],
): readonly string[] {
  if (log.some((line) => line.includes('Renewed outputs.'))) return [];
  const outputs = services.filter(({ service }) => !descriptorOf(service.type).serves);
  const renewed = log.filter((line) =>
    /Task succeeded\. .*\btask:output-renewal\b/.test(line),
  ).length;
  if (renewed >= outputs.length) return [];
  return [`it has not issued ${outputs.map(({ name }) => `\`${name}\``).join(', ')}`];
}

/** Returns a clause for each address at which a service does not accept connections. */
async function closedAddresses(planned: PlannedService): Promise<readonly string[]> {
  const { name, listen, service, dir } = planned;
  const sockets = Object.values(descriptorOf(service.type).files(service).sockets ?? {});
  const addresses = [
    ...(listen === undefined ? [] : [listen]),
    ...sockets.map((socket) => `unix://${dir}/${socket}`),
  ];
  const closed: string[] = [];
  for (const address of addresses)
    if (!(await accepts(optionsOf(address))))
      closed.push(`\`${name}\` does not accept connections at ${address}`);
  return closed;
}

function optionsOf(listen: string): NetConnectOpts {
  if (listen.startsWith('unix://')) return { path: listen.slice('unix://'.length) };
  const { hostname, port } = new URL(listen);
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

function accepts(options: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, timeout: patience });
    const settle = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on('connect', () => settle(true)).on('error', () => settle(false));
    socket.on('timeout', () => settle(false));
  });
}

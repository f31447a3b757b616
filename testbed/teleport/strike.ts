import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults.ts';

type Strikes = (fault: object, limit: number) => boolean;

/** Plays a fault of the proxy. Returns whether it handled the request. */
export async function strikeProxy(
  faults: Faults,
  strikes: Strikes,
  response: ServerResponse,
): Promise<boolean> {
  const fault = faults.proxy;
  switch (fault.kind) {
    case 'none':
    // The listener plays these faults.
    case 'refused':
    case 'untrusted':
      return false;
    case 'silent':
      return true;
    case 'slow':
      await sleep(fault.milliseconds);
      return false;
    case 'status':
      return send(response, fault.status, 'text/html', `<html>${fault.status}</html>\n`);
    case 'html':
      return send(response, 200, 'text/html', '<!DOCTYPE html><title>Welcome</title>\n');
    case 'other-json':
      return send(response, 200, 'application/json', '{"status":"UP"}');
    case 'rate-limited': {
      if (!strikes(fault, fault.requests)) return false;
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      return send(response, 429, 'text/plain', 'max rate reached: retry-in 3s');
    }
    default:
      return fault satisfies never;
  }
}

/** Plays a fault of the join service. Returns whether it handled the request. */
export function strikeJoin(faults: Faults, strikes: Strikes, response: ServerResponse): boolean {
  const fault = faults.join;
  switch (fault.kind) {
    case 'none':
      return false;
    case 'denied':
      return send(response, 403, 'application/json', JSON.stringify({ error: fault.message }));
    case 'silent':
      return true;
    case 'status':
      return send(response, fault.status, 'text/html', `<html>${fault.status}</html>\n`);
    case 'reset': {
      if (!strikes(fault, fault.joins)) return false;
      response.socket?.destroy();
      return true;
    }
    default:
      return fault satisfies never;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): true {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
  return true;
}

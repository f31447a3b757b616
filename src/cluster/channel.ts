import { parseJson, property } from '../text/json.ts';
import type { HttpClient } from '../http/client.ts';

/** Bytes; a real answer of the channel has less than 20, one of ping less than 4096. */
const longestAnswer = 64 * 1024;

/**
 * Returns the version that a cluster's default channel for automatic upgrades names, a text such as
 * `v18.2.4` or `none`, as it stands there. Only clusters without managed updates need it, and only
 * `/webapi/ping` reports whether there is a channel (Teleport, lib/web/apiserver.go). Undefined where
 * there is none and where nothing usable is answered: the cluster's own version serves as well. Throws
 * the reason of the signal.
 */
export async function fetchUpgradeChannel(
  proxy: string,
  using: { readonly network: Pick<HttpClient, 'get'>; readonly signal: AbortSignal },
): Promise<string | undefined> {
  try {
    const ping = await textAt(`https://${proxy}/webapi/ping`, using);
    if (property(parseJson(ping ?? ''), 'automatic_upgrades') !== true) return undefined;
    const channel = `https://${proxy}/v1/webapi/automaticupgrades/channel/default/version`;
    const version = (await textAt(channel, using))?.trim();
    return version === 'none' ? undefined : version;
  } catch (error) {
    if (using.signal.aborted) throw error;
    return undefined;
  }
}

async function textAt(
  url: string,
  { network, signal }: Parameters<typeof fetchUpgradeChannel>[1],
): Promise<string | undefined> {
  const reply = await network.get(url, { signal, timeouts: { connect: 5000, answer: 5000 } });
  const text = await reply.text(longestAnswer);
  return reply.status === 200 ? text : undefined;
}

import type { Network } from '../network/network.ts';
import { formatVersion, parseVersion } from './semantic.ts';

/** A real answer has less than 20 bytes. */
const longestAnswer = 4096;

/**
 * The version that a cluster's default channel for automatic upgrades names, a text such as
 * `v18.2.4` or `none` (lib/automaticupgrades/version of Teleport); undefined for `none`, and where
 * nothing usable is answered: the channel is a wish, the cluster's own version serves as well.
 */
export async function askChannel(
  proxy: string,
  using: { readonly network: Pick<Network, 'get'>; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const { network, signal } = using;
  const url = `https://${proxy}/v1/webapi/automaticupgrades/channel/default/version`;
  try {
    const reply = await network.get(url, { signal, timeouts: { connect: 5000, answer: 5000 } });
    const text = (await reply.text(longestAnswer)).trim();
    const version = reply.status === 200 ? parseVersion(text) : undefined;
    return version && formatVersion(version);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

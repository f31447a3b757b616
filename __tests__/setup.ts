import { setup } from '../src/setup/setup.ts';
import { type Recording, recordingCi } from './recording.ts';

/**
 * Runs ./setup up to the inputs: without a temporary directory, valid inputs end in a Problem
 * `platform` before anything is downloaded.
 */
export async function readBySetup(inputs: Readonly<Record<string, string>>): Promise<Recording> {
  const recording = recordingCi({ inputs });
  await setup(recording.ci);
  process.exitCode = 0;
  return recording;
}

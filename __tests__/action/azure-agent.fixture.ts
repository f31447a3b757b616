import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { commandFromString } from 'azure-pipelines-task-lib/taskcommand.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** A step of a job, after it has run. */
export interface Step {
  result: 'Succeeded' | 'Failed' | 'Canceled';
  readonly log: string[];
  readonly issues: { readonly type: string; readonly message: string }[];
  readonly summaries: string[];
}

interface TaskOptions {
  /** The name of the step, for its output variables. */
  readonly name?: string;
  readonly inputs: Variables;
  readonly env?: Variables;
  /** Cancels the job at the first line of the log that contains this text. */
  readonly cancelAt?: string;
}

interface PostStep {
  readonly folder: string;
  readonly env: Variables;
  readonly taskVariables: Map<string, string>;
}

/**
 * A stand-in for the agent: runs the steps of one job and processes their logging commands as the agent
 * does (microsoft/azure-pipelines-agent, Handlers/NodeHandler.cs and TaskCommandExtension.cs).
 */
export class AzureJob {
  readonly variables = new Map<string, string>();
  readonly path: string[] = [];
  readonly secrets = new Set<string>();
  readonly root: string;
  #cancelled = false;
  readonly #post: PostStep[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  static async start(): Promise<AzureJob> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'azure-')));
    for (const name of ['_temp', '_tool', 's']) await mkdir(join(root, name));
    return new AzureJob(root);
  }

  get temp(): string {
    return join(this.root, '_temp');
  }

  /** Names of what is in Agent.TempDirectory. */
  get left(): readonly string[] {
    return readdirSync(this.temp);
  }

  /** Runs the task in a folder, with the handler for Node 24 or another one. */
  async task(folder: string, options: TaskOptions, handler = 'Node24'): Promise<Step> {
    const { inputs, env = {}, name = 'step1' } = options;
    const { execution } = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8'));
    const taskVariables = new Map<string, string>();
    this.#post.push({ folder, env, taskVariables });
    const given = Object.entries(inputs).map(([key, value]) => [`INPUT_${variable(key)}`, value]);
    return this.#run([process.execPath, join(folder, execution[handler].target)], {
      env: { ...env, ...Object.fromEntries(given) },
      name,
      taskVariables,
      cancelAt: options.cancelAt,
    });
  }

  /** Runs a script, unless the job was cancelled. */
  async script(text: string): Promise<Step | undefined> {
    if (this.#cancelled) return undefined;
    const command = ['/bin/sh', '-ec', this.expand(text)];
    return this.#run(command, { env: {}, name: 'script', taskVariables: new Map() });
  }

  /** Replaces macros, such as `$(step1.identityFile)`. */
  expand(text: string): string {
    return text.replaceAll(/\$\(([\w.]+)\)/g, (macro, name: string) => this.#value(name) ?? macro);
  }

  /** Runs the post-job steps, the last one first, and returns them. */
  async end(): Promise<readonly Step[]> {
    const steps: Step[] = [];
    for (const { folder, env, taskVariables } of this.#post.toReversed()) {
      const { postjobexecution } = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8'));
      const kept = [...taskVariables].map(([name, value]) => [
        `VSTS_TASKVARIABLE_${variable(name)}`,
        value,
      ]);
      const command = [process.execPath, join(folder, postjobexecution.Node24.target)];
      const options = { env: { ...env, ...Object.fromEntries(kept) }, name: 'post', taskVariables };
      steps.push(await this.#run(command, options));
    }
    return steps;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }

  #value(name: string): string | undefined {
    return this.variables.get(name.toLowerCase());
  }

  async #run(
    [program = '', ...args]: readonly string[],
    options: {
      readonly env: Variables;
      readonly name: string;
      readonly taskVariables: Map<string, string>;
      readonly cancelAt?: string | undefined;
    },
  ): Promise<Step> {
    const step: Step = { result: 'Succeeded', log: [], issues: [], summaries: [] };
    const child = spawn(program, args, {
      cwd: join(this.root, 's'),
      env: { ...this.#environment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = [child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) {
        this.#receive(line, step, options);
        if (options.cancelAt && line.includes(options.cancelAt)) this.#cancel(child);
      }
    });
    await Promise.all([...read, once(child, 'close')]);
    if (child.exitCode !== 0) step.result = 'Failed';
    if (options.cancelAt !== undefined && this.#cancelled) step.result = 'Canceled';
    return step;
  }

  #cancel(child: ChildProcess): void {
    this.#cancelled = true;
    child.kill('SIGINT');
  }

  #environment(): Variables {
    const jobVariables = [...this.variables].map(([name, value]) => [variable(name), value]);
    return {
      TF_BUILD: 'True',
      AGENT_TEMPDIRECTORY: this.temp,
      AGENT_TOOLSDIRECTORY: join(this.root, '_tool'),
      BUILD_SOURCESDIRECTORY: join(this.root, 's'),
      SYSTEM_PLANID: '0f2a2c1e-0000-4000-8000-000000000001',
      SYSTEM_JOBID: '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
      SYSTEM_JOBATTEMPT: '1',
      NODE_NO_WARNINGS: '1',
      ...Object.fromEntries(jobVariables),
      PATH: [...this.path.toReversed(), process.env['PATH']].join(delimiter),
    };
  }

  /** A command can begin anywhere in a line. The agent ignores joiners when it looks for one. */
  #receive(
    raw: string,
    step: Step,
    options: { readonly name: string; readonly taskVariables: Map<string, string> },
  ): void {
    const line = raw.replaceAll(/[\u200c\u200d]/g, '');
    const start = line.indexOf('##vso[');
    if (start < 0) {
      step.log.push(this.#masked(raw));
      return;
    }
    const { command, properties, message } = commandFromString(line.slice(start));
    this.#process(command, { properties, message }, { step, ...options });
  }

  #process(
    command: string,
    { properties, message }: { properties: Record<string, string>; message: string },
    to: { readonly step: Step; readonly name: string; readonly taskVariables: Map<string, string> },
  ): void {
    const { variable: name = '' } = properties;
    switch (command) {
      case 'task.setsecret':
        if (/[\r\n]/.test(message)) throw new Error('a secret has several lines');
        this.secrets.add(message);
        break;
      case 'task.setvariable':
        this.variables.set(
          (properties['isOutput'] === 'true' ? `${to.name}.${name}` : name).toLowerCase(),
          message,
        );
        break;
      case 'task.settaskvariable':
        to.taskVariables.set(name, message);
        break;
      case 'task.prependpath':
        this.path.push(message);
        break;
      case 'task.logissue':
        to.step.issues.push({ type: properties['type'] ?? '', message: this.#masked(message) });
        to.step.log.push(...this.#masked(`##[${properties['type']}]${message}`).split('\n'));
        break;
      case 'task.uploadsummary':
        if (!existsSync(message)) throw new Error(`the summary ${message} does not exist`);
        to.step.summaries.push(readFileSync(message, 'utf8'));
        break;
      case 'task.complete':
        if (properties['result'] === 'Failed') to.step.result = 'Failed';
        break;
      default:
        throw new Error(`the stand-in does not know ${command}`);
    }
  }

  #masked(line: string): string {
    return [...this.secrets].reduce((rest, secret) => rest.replaceAll(secret, '***'), line);
  }
}

/** Returns the environment variable of a variable. */
function variable(name: string): string {
  return name.replaceAll(/[. ]/g, '_').toUpperCase();
}

import { readFile } from 'node:fs/promises';
import type { StepResult } from '../runner/runner.ts';
import { foldLog, type LogEntry } from './log.ts';
import { Markup, markup } from './markup.ts';
import { renderMarkdown } from './markdown.ts';
import type { DemoRun } from './run.ts';
import { type Phase, timelineOf } from './timeline.ts';

/** Nothing is loaded and no script runs, whatever the page contains. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** Returns the page of the demo: one HTML file without scripts or external resources. */
export async function demoPage(runs: readonly DemoRun[]): Promise<string> {
  return await documentOf(
    'Demo of machine-id-action',
    markup`<header>
<h1>Demo of machine-id-action</h1>
<p>${runs.length} jobs, as a user sees them. The action is real, as built in <code>dist/</code>. The Teleport cluster, tbot, GitHub&#39;s runner and OIDC issuer, and Azure&#39;s metadata service are stand-ins on one machine.</p>
<nav><ol>${runs.map((run, index) => markup`<li>${icon(run.step)}<a href="#${idOf(index)}">${run.scenario.title}</a></li>`)}</ol></nav>
</header>
<main>${runs.map(section)}</main>`,
  );
}

/** Returns a page that contains only the job summary of a run, with its folded sections open. */
export async function summaryPage({ step }: DemoRun): Promise<string> {
  const { html } = renderMarkdown(step.summary);
  const open = new Markup(html.replaceAll('<details>', '<details open>'));
  return await documentOf(
    'Job summary',
    markup`<figure><figcaption>deploy summary</figcaption><article class="summary">${open}</article></figure>`,
    'picture',
  );
}

async function documentOf(title: string, body: Markup, kind = 'demo'): Promise<string> {
  const style = await readFile(new URL('page.css', import.meta.url), 'utf8');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${new Markup(style)}</style>
</head>
<body class="${kind}">
${body}
</body>
</html>
`.html;
}

function idOf(index: number): string {
  return `scenario-${index + 1}`;
}

function icon({ outcome }: StepResult): Markup {
  return outcome === 'success'
    ? markup`<span class="icon success" role="img" aria-label="succeeded">✓</span>`
    : markup`<span class="icon failure" role="img" aria-label="failed">✗</span>`;
}

function section(run: DemoRun, index: number): Markup {
  return markup`
<section id="${idOf(index)}">
<h2>${icon(run.step)}${run.scenario.title}</h2>
${run.surprises.map((surprise) => markup`<p class="surprise">Not as expected: ${surprise}.</p>`)}
<div class="parts">
${part('workflow', 'Workflow step', markup`<pre>${run.workflow}</pre>`)}
${timeline(timelineOf(run))}
${part('log', 'Log', log(run))}
${part('job-summary', 'Job summary', markup`<article class="summary">${renderMarkdown(run.step.summary)}</article>`)}
${part('files', 'Files', files(run))}
</div>
</section>`;
}

function part(name: string, title: string, content: Markup): Markup {
  return markup`<div class="part ${name}"><h3>${title}</h3>${content}</div>`;
}

function timeline(phases: readonly Phase[]): Markup | undefined {
  if (phases.length === 0) return undefined;
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const percent = (seconds: number): string => `${((100 * seconds) / total).toFixed(2)}%`;
  let start = 0;
  const bars = phases.map(({ name, seconds, details }) => {
    const style = `--start: ${percent(start)}; --length: ${percent(seconds)}`;
    start += seconds;
    return markup`<li class="phase-${name.toLowerCase().replaceAll(' ', '-')}"><span class="name">${name}</span><span class="track"><span class="bar" style="${style}"></span></span><span class="time">${seconds.toFixed(2)} s</span><span class="details">${renderMarkdown(details)}</span></li>`;
  });
  return part('timeline', 'Timeline', markup`<ol>${bars}</ol>`);
}

function log({ step, later, posts, scenario }: DemoRun): Markup {
  const action = 'Run org/machine-id-action@v1';
  return markup`${logOf(action, step)}${later && logOf(`Later step: ${scenario.later?.title ?? ''}`, later)}${posts.map((post) => logOf(`Post ${action}`, post))}`;
}

function logOf(title: string, step: StepResult): Markup {
  const seconds = (step.durationMs / 1000).toFixed(1);
  return markup`<details class="step" open><summary>${icon(step)}<span>${title}</span><span class="time">${seconds} s</span></summary><div class="lines">${foldLog(step.log).map(entryOf)}</div></details>`;
}

function entryOf(entry: LogEntry): Markup {
  if (entry.kind === 'group')
    return markup`<details class="group"><summary>${entry.title}</summary>${entry.lines.map((line) => lineOf(line))}</details>`;
  return lineOf(entry.text, entry.level);
}

function lineOf(text: string, level = 'plain'): Markup {
  return markup`<div class="line ${level}">${text}</div>`;
}

function files({ files: listed, left }: DemoRun): Markup {
  const directory = listed[0]?.path.split('/')[0] ?? '';
  const rows = listed.map(
    ({ path, mode, size, isGone }) =>
      markup`<tr><td>${path.slice(directory.length + 1)}</td><td>${mode}</td><td>${size}</td><td>${isGone ? 'removed' : 'left'}</td></tr>`,
  );
  const gone = listed.filter(({ isGone }) => isGone).length;
  return markup`<details><summary>${listed.length} files existed during the job. The post step removed ${gone} of them; ${left.length === 0 ? 'nothing' : `${left.length} files or processes`} remained on the runner.</summary>
<p>In the private directory <code>${directory}</code> in RUNNER_TEMP, after the step:</p>
<table><thead><tr><th>Path</th><th>Mode</th><th>Bytes</th><th>After the job</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

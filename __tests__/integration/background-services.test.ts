import { describe, expect, it } from 'vitest';
import { mainFixture } from './main.fixture.ts';
import { needs } from '../requirements.ts';

const from15 = `
- {type: application-tunnel, app_name: hello}
- {type: database-tunnel, service: pg, database: app, username: ci, listen: "unix://"}
- {type: ssh-multiplexer}
- {type: identity}
`;
const from17 = `${from15}
- {type: application-proxy, credential_lifetime: {credential_ttl: 30m}}
- {type: workload-identity-api, selector: {name: build}, credential_ttl: 30m}
- {type: workload-identity-api, selector: {name: deploy}, listen: "tcp://127.0.0.1:0"}
- {type: application, app_name: hello, credential_ttl: 30m, renewal_interval: 10m}
`;
const from18 = `${from17}
- {type: identity/key-agent}
`;

const tcp = /"uri":"tcp:\/\/127\.0\.0\.1:\d+","port":\d+/;
const published15: readonly (readonly [name: string, json: RegExp])[] = [
  ['application-tunnel-hello', tcp],
  ['database-tunnel-pg-app-ci', /"uri":"unix:\/\/\/.*-ci\.sock"/],
  ['ssh-multiplexer', /"ssh-config":".*\/ssh_config".*"ssh-agent":".*\/agent\.sock"/],
  ['identity', /"identity":".*\/identity"/],
];
const published17 = [
  ...published15,
  ['application-proxy', tcp],
  ['workload-identity-api-build', /"uri":"unix:\/\/\/.*-build\.sock"/],
  ['workload-identity-api-deploy', tcp],
  ['application-hello', /"certificate":".*\/tlscert"/],
] as const;
const published18 = [
  ...published17,
  ['identity-key-agent', /"identity":".*\/identity".*"key-agent":".*\/agent\.sock"/],
] as const;

describe.each([
  ['15.4.10', from15, published15],
  ['16.1.1', from15, published15],
  ['17.7.7', from17, published17],
  ['18.2.3', from17, published17],
  ['18.8.3', from18, published18],
  ['19.0.0', from18, published18],
])('every type of service in background mode with tbot %s', needs('posix'), (...row) => {
  const [teleportVersion, services, published] = row;
  const fixture = mainFixture({ teleportVersion });

  it('is served by one tbot', async () => {
    const joins = fixture.testbed.proxy.joins.length;
    const recording = await fixture.play({ inputs: { mode: 'background', services } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('warning')).toEqual([]);
    expect(fixture.testbed.proxy.joins.length - joins).toBe(1);
    const credentials: Readonly<Record<string, unknown>> = JSON.parse(
      recording.values('output')['credentials'] ?? '',
    );
    expect(Object.keys(credentials)).toEqual(published.map(([name]) => name));
    for (const [name, json] of published) expect(JSON.stringify(credentials[name])).toMatch(json);
  });
});

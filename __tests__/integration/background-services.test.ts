import { describe, expect, it } from 'vitest';
import { mainFixture } from './main.fixture.ts';

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

describe.skipIf(process.platform === 'win32').each([
  ['15.4.10', from15],
  ['16.1.1', from15],
  ['17.7.7', from17],
  ['18.2.3', from17],
  ['18.8.3', from18],
  ['19.0.0', from18],
])(
  'every type of service in background mode with tbot %s (not on Windows)',
  (version, services) => {
    const fixture = mainFixture({ teleportVersion: version });

    it('is served by one tbot', async () => {
      const joins = fixture.testbed.proxy.joins.length;
      const recording = await fixture.play({ inputs: { mode: 'background', services } });
      expect(recording.of('fail')).toEqual([]);
      expect(recording.of('warning')).toEqual([]);
      expect(fixture.testbed.proxy.joins.length - joins).toBe(1);
      const credentials: Readonly<Record<string, object>> = JSON.parse(
        recording.values('output')['credentials'] ?? '',
      );
      expect(Object.keys(credentials)).toHaveLength(services.split('type: ').length - 1);
      const tcp = {
        uri: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/),
        port: expect.any(Number),
      };
      expect(credentials).toMatchObject({
        'application-tunnel-hello': tcp,
        'database-tunnel-pg-app-ci': { uri: expect.stringMatching(/^unix:\/\/.*-ci\.sock$/) },
        'ssh-multiplexer': {
          files: {
            'ssh-config': expect.stringContaining('/ssh_config'),
            'ssh-agent': expect.stringContaining('/agent.sock'),
          },
        },
        ...(services === from15
          ? {}
          : {
              'application-proxy': tcp,
              'workload-identity-api-build': { uri: expect.stringMatching(/^unix:/) },
              'workload-identity-api-deploy': tcp,
            }),
        ...(services === from18
          ? {
              'identity-key-agent': {
                files: { 'key-agent': expect.stringContaining('/agent.sock') },
              },
            }
          : {}),
      });
    });
  },
);

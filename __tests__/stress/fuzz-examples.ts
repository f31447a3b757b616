/** Services as a workflow lists them, every type among them. */
export const serviceExamples = [
  '[]',
  '- type: identity\n',
  '- {type: application, app_name: hello, credential_ttl: 30m, name: mine}\n',
  '- {type: database, service: pg, database: app, username: ci, format: tls}\n- type: identity\n',
  '- {type: kubernetes, kubernetes_cluster: prod, disable_exec_plugin: true}\n',
  '- type: kubernetes/v2\n  disable_exec_plugin: true\n  selectors:\n    - {name: prod}\n    - labels: {env: staging}\n',
  '- {type: ssh_host, principals: [host.example.com]}\n',
  '- {type: workload-identity-x509, selector: {name: deploy}}\n',
  '- {type: workload-identity-jwt, selector: {labels: {task: [deploy]}}, audiences: [example.com]}\n',
  `- type: workload-identity-aws-roles-anywhere
  selector: {name: deploy}
  role_arn: arn:aws:iam::123456789012:role/ci
  profile_arn: arn:aws:rolesanywhere:us-east-1:123456789012:profile/6f3d1c0b-9a8e-7d6c-5b4a-39281706f5e4
  trust_anchor_arn: arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/6f3d1c0b-9a8e-7d6c-5b4a-39281706f5e4
  region: us-east-1
`,
] as const;

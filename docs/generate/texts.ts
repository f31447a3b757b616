// Texts of the generated tables that the sources do not contain.

/** Pages with details on an input. */
export const inputLinks: Readonly<Record<string, string>> = {
  'join-method': 'docs/joining.md#methods',
  onboarding: 'docs/joining.md#parameters-onboarding',
  services: 'docs/credentials.md#services',
  mode: 'docs/credentials.md#background-mode',
  'signature-key': 'docs/installing.md#signatures',
  'auth-server': 'docs/joining.md#without-a-proxy',
  credentials: 'docs/credentials.md#files-by-role',
  'tunnel-uri': 'docs/credentials.md#addresses',
};

/** Keys with the same meaning in every type. */
export const commonKeys: Readonly<Record<string, string>> = {
  credential_ttl: 'Lifetime of this credential, instead of `certificate-ttl`.',
  renewal_interval:
    'In background mode, time between renewals of this credential, instead of `renewal-interval`. In oneshot mode, it has no effect.',
  roles: 'List of roles, a subset of the roles of the bot. Default: all of them.',
  delegation_session_id:
    'ID of a session that was delegated to the bot. Cannot be combined with `roles`.',
  disable_exec_plugin:
    '`true` embeds the keys in the kubeconfig; otherwise kubectl runs tbot. Default: `false`.',
  selector: 'Workload identity to issue.',
  'selector.name': 'Name of the workload identity. Either this or `selector.labels` is required.',
  'selector.labels': 'Labels of the workload identity, each with a list of values.',
  listen:
    'Local address: `tcp://127.0.0.1:PORT`, or `unix://` for a Unix socket in the private directory. Without it, or with port 0, the action chooses the address ([addresses](#addresses)).',
};

/** Purpose of each type, and the meaning of its keys. */
export const types: Readonly<
  Record<string, { readonly purpose: string; readonly keys: Readonly<Record<string, string>> }>
> = {
  identity: {
    purpose: 'A Teleport identity, for `ssh`, `tsh`, `tctl`, Terraform and Ansible.',
    keys: {
      cluster:
        'Name of a leaf cluster ([leaf clusters](#leaf-clusters)). Default: the root cluster.',
      ssh_config: '`on` writes `ssh_config` and `known_hosts`, `off` does not. Default: `on`.',
      allow_reissue:
        '`true` allows reissuing, as `tsh proxy app` and `tsh kube login` require. Default: `false`.',
    },
  },
  application: {
    purpose: 'A client certificate for one web application.',
    keys: {
      app_name: 'Name of the application, as shown by `tctl apps ls`.',
      specific_tls_naming:
        '`true` also writes `tls.crt`, `tls.key` and `tls.cas`. Default: `false`.',
    },
  },
  database: {
    purpose: 'A client certificate for one database.',
    keys: {
      service: 'Name of the database service, as shown by `tctl db ls`.',
      database: 'Name of the database in the service.',
      username: 'Database user.',
      format: 'Format of additional files: `tls`, `mongo` or `cockroach`. Default: none.',
    },
  },
  kubernetes: {
    purpose: 'A kubeconfig for one cluster.',
    keys: { kubernetes_cluster: 'Name of the cluster, as shown by `tctl kube ls`.' },
  },
  'kubernetes/v2': {
    purpose:
      'One kubeconfig for several clusters. The step fails if a `name` is not found, or if the kubeconfig would be empty because no cluster has the labels.',
    keys: {
      selectors: 'List of selectors, each with a `name` or `labels`.',
      'selectors.name': 'Name of a cluster.',
      'selectors.labels': 'Labels. Selects all clusters that have them.',
      'selectors.default_namespace': 'Default namespace in the contexts of this selector.',
      context_name_template:
        'Go template with `.ClusterName`, `.KubeName` and `.Labels`. Default: `{{.ClusterName}}-{{.KubeName}}`.',
      relay_server: 'Address of a Teleport Relay to connect through.',
    },
  },
  ssh_host: {
    purpose: 'A host certificate for an OpenSSH server.',
    keys: {
      principals: 'List of host names that clients use to connect to the server.',
      ca_type:
        'CA in the file for `TrustedUserCAKeys`: `user` or `openssh`. Not accepted with an older tbot, which would silently write the user CA. Default: `user`.',
    },
  },
  'workload-identity-x509': {
    purpose: 'A SPIFFE identity (SVID) as a certificate.',
    keys: {
      include_federated_trust_bundles:
        '`true` adds the bundles of federated trust domains. Default: `false`.',
      trust_domains: 'List of trust domains. Currently, the only value is `app_client`.',
    },
  },
  'workload-identity-jwt': {
    purpose: 'A SPIFFE identity (SVID) as a JWT.',
    keys: { audiences: 'List of audiences.' },
  },
  'workload-identity-aws-roles-anywhere': {
    purpose: 'An AWS session. It [outlives the job](#lifetimes).',
    keys: {
      role_arn: 'ARN of the role.',
      profile_arn: 'ARN of the Roles Anywhere profile.',
      trust_anchor_arn: 'ARN of the Roles Anywhere trust anchor.',
      region: 'AWS region. Default: `AWS_REGION` of the step.',
      session_duration: 'Session length, from `15m` to `12h`. Default: `6h`.',
      session_renewal_interval:
        'In background mode, time between renewals of the session. Default: `1h`, or half of a `session_duration` up to `1h`.',
      credential_profile_name: 'Name of the profile in the file. Default: `default`.',
      artifact_name: 'File name. Default: `aws_credentials`.',
      overwrite_credential_file: 'Has no effect, because the file is new in every run.',
    },
  },
  'application-tunnel': {
    purpose: 'A local address that reaches one application without a certificate.',
    keys: { app_name: 'Name of the application, as shown by `tctl apps ls`.' },
  },
  'application-proxy': {
    purpose:
      'A local HTTP proxy that reaches all applications of the bot by their names: `http://NAME/`.',
    keys: {
      credential_lifetime: 'Mapping with the lifetime of the certificates.',
      'credential_lifetime.credential_ttl':
        'Lifetime of the certificates, instead of `certificate-ttl`.',
      'credential_lifetime.renewal_interval':
        'Time between renewals, instead of `renewal-interval`.',
    },
  },
  'database-tunnel': {
    purpose:
      'A local address that reaches one database as one user, without a certificate or a password.',
    keys: {
      service: 'Name of the database service, as shown by `tctl db ls`.',
      database: 'Name of the database in the service.',
      username: 'Database user.',
    },
  },
  'ssh-multiplexer': {
    purpose:
      'An `ssh_config` whose connections all go through the running tbot, which is faster for many hosts.',
    keys: {
      enable_resumption:
        '`false` disables the resumption of interrupted sessions. Default: `true`.',
      proxy_command:
        'Command that ssh runs to connect to tbot, as a list of the program and its arguments. Default: tbot.',
      proxy_templates_path: 'Absolute path of a file with proxy templates.',
      relay_server: 'Address of a Teleport Relay to connect through.',
    },
  },
  'identity/key-agent': {
    purpose:
      'An identity for `tsh` and `tctl` whose private key stays in the memory of tbot. The step sets `TELEPORT_KEY_AGENT_DIR` to its `dir`.',
    keys: {
      cluster:
        'Name of a leaf cluster ([leaf clusters](#leaf-clusters)). Default: the root cluster.',
      allow_reissue: '`true` allows reissuing. Default: `false`.',
    },
  },
  'workload-identity-api': {
    purpose:
      'The SPIFFE Workload API, which issues SVIDs to the programs that connect to it. The step sets `SPIFFE_ENDPOINT_SOCKET` to its `uri`.',
    keys: {
      attestors: 'Sources of attributes of the connecting programs, in addition to Unix processes.',
      'attestors.docker': 'Docker containers.',
      'attestors.docker.enabled': '`true` enables the source. Default: `false`.',
      'attestors.docker.addr': 'Address of the Docker socket, such as `unix:///PATH`.',
      'attestors.podman': 'Podman containers.',
      'attestors.podman.enabled': '`true` enables the source. Default: `false`.',
      'attestors.podman.addr': 'Address of the Podman socket, such as `unix:///PATH`.',
      'attestors.kubernetes': 'Kubernetes pods.',
      'attestors.kubernetes.enabled': '`true` enables the source. Default: `false`.',
      'attestors.systemd': 'systemd services.',
      'attestors.systemd.enabled': '`true` enables the source. Default: `false`.',
      trust_domains: 'List of trust domains. Currently, the only value is `app_client`.',
    },
  },
};

/** Files by role. */
export const roles: Readonly<Record<string, string>> = {
  identity: 'Teleport identity file, for `tsh -i` and `tctl -i`',
  key: 'private key of `certificate` and `ssh-certificate`',
  'public-key': 'public key of `key`, in OpenSSH format',
  'ssh-certificate': 'SSH user certificate',
  certificate: 'X.509 client certificate',
  'host-ca': 'host CA of the cluster',
  'user-ca': 'user CA of the cluster, which signs the certificates of users and bots',
  'database-ca': 'database CA of the cluster',
  'ssh-config': 'configuration for `ssh -F`',
  'known-hosts': 'host CA, in OpenSSH format',
  kubeconfig: 'kubeconfig',
  'tls-certificate': 'client certificate',
  'tls-key': 'private key of `tls-certificate`',
  'tls-ca': 'CA certificates to verify the server',
  'mongo-certificate': 'client certificate and private key in one file',
  'mongo-ca': 'CA certificates to verify the server',
  'ssh-host-key': 'private key of the server',
  'ssh-host-certificate': 'host certificate of the server',
  'ssh-host-user-ca': 'CA for the `TrustedUserCAKeys` of sshd',
  svid: 'certificate and its chain',
  'svid-key': 'private key of `svid`',
  'svid-bundle': 'CA certificates of the trust domain',
  'svid-crl': 'revocation list, if the trust domain has one',
  'jwt-svid': 'JWT',
  'aws-credentials': 'AWS shared credentials file',
  'multiplexer-socket': 'socket of the multiplexer, which `ssh_config` refers to',
  'ssh-agent': 'socket of an SSH agent with the key and certificate, for `SSH_AUTH_SOCK`',
  'key-agent': 'socket that signs with the private key',
  'key-agent-certificate': 'certificate of `key-agent`',
};

/** The identity that each join method proves, and where tbot reads it. */
export const methods: Readonly<Record<string, string>> = {
  github: "The job's OIDC token. The job needs `permissions: id-token: write`.",
  azure:
    'Managed identity of the Azure VM ([guide](azure.md)); the input `azure-client-id` selects a user-assigned one.',
  iam: 'AWS identity of the EC2 instance, or AWS credentials in [variables](#iam).',
  gcp: 'Service account of the Google Cloud VM.',
  kubernetes: "Token of the pod's service account.",
  circleci: 'OIDC token of CircleCI.',
  gitlab: 'OIDC token of GitLab, with the cluster name as audience.',
  spacelift: 'OIDC token of Spacelift.',
  terraform_cloud: 'Workload identity token of HCP Terraform.',
  azure_devops: 'OIDC token of Azure DevOps.',
  bitbucket: 'OIDC token of Bitbucket.',
  env0: 'OIDC token of env0.',
  tpm: 'TPM of the machine.',
  oracle: 'Identity of the Oracle Cloud instance.',
  bound_keypair: 'Key pair ([secrets](#secrets)).',
  generic_oidc: 'OIDC token of any other issuer.',
  token: 'Value of the join token, which is a secret ([secrets](#secrets)).',
};

/** Parameters in the input `onboarding`. */
export const parameters: Readonly<Record<string, string>> = {
  'gitlab.token_env_var_name': 'Variable with the OIDC token. Default: `TBOT_GITLAB_JWT`.',
  'terraform.audience_tag':
    'Tag in the name of the variable that tbot reads: `TFC_WORKLOAD_IDENTITY_TOKEN_<TAG>`.',
  'kubernetes.token_path': 'Path of the file with the service account token.',
  'generic_oidc.env': 'Variable with the OIDC token. Either this or `command` is required.',
  'generic_oidc.command':
    'Command that prints the OIDC token, as a list of the program and its arguments.',
  'generic_oidc.timeout': 'Time limit for the program, as a Go duration.',
  'bound_keypair.registration_secret':
    'Registration secret, for the first join. Masked in the log.',
  'bound_keypair.registration_secret_path':
    'Path of a file with the registration secret. Cannot be combined with `registration_secret`.',
  'bound_keypair.static_private_key_path': 'Path of a file with a static private key.',
};

const verified = 'verified on a real binary';
const source = 'read in source (November 2026)';
const documentation = 'from documentation';

/** Returns the evidence for an entry of the support tables. */
export function howKnown(kind: 'type' | 'key' | 'method' | 'lifetime', name: string): string {
  if (known[kind].verified.includes(name)) return verified;
  return known[kind].documented.includes(name) ? documentation : source;
}

const known: Readonly<
  Record<
    Parameters<typeof howKnown>[0],
    { readonly verified: readonly string[]; readonly documented: readonly string[] }
  >
> = {
  type: { verified: ['identity', 'application', 'database', 'kubernetes'], documented: [] },
  key: {
    verified: [],
    documented: ['relay_server (kubernetes/v2)', 'relay_server (ssh-multiplexer)'],
  },
  method: {
    verified: ['github', 'azure'],
    documented: ['gcp', 'tpm', 'oracle', 'bound_keypair', 'token'],
  },
  lifetime: { verified: [], documented: ['168h instead of 24h'] },
};

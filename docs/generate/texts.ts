// Texts that only the documentation has, beside what the sources know.

/** Pages that explain an input further. */
export const inputLinks: Readonly<Record<string, string>> = {
  'join-method': 'docs/joining.md#methods',
  onboarding: 'docs/joining.md#parameters-onboarding',
  services: 'docs/credentials.md#services',
  'auth-server': 'docs/joining.md#without-a-proxy',
  credentials: 'docs/credentials.md#files-by-role',
};

/** Keys that mean the same in every type that has them. */
export const commonKeys: Readonly<Record<string, string>> = {
  credential_ttl: 'Lifetime of this credential, instead of `certificate-ttl`.',
  renewal_interval:
    'Has no effect, because nothing is renewed. Accepted so that a configuration can be copied.',
  roles: 'List of roles: a subset of the roles of the bot.',
  delegation_session_id: 'Session that was delegated to the bot. Cannot be combined with `roles`.',
  disable_exec_plugin:
    '`true` embeds the keys in the kubeconfig; otherwise kubectl runs tbot. Default: `false`.',
  selector: 'Workload identity to issue.',
  'selector.name': 'Name of the workload identity. Either this or `selector.labels` is required.',
  'selector.labels': 'Labels of the workload identity, each with a list of values.',
};

/** What a type is for, and its keys. */
export const types: Readonly<
  Record<string, { readonly purpose: string; readonly keys: Readonly<Record<string, string>> }>
> = {
  identity: {
    purpose: 'For `ssh`, `tsh`, `tctl`, Terraform and Ansible.',
    keys: {
      cluster: 'Leaf cluster ([leaf clusters](#leaf-clusters)). Default: the root cluster.',
      ssh_config: '`on` writes `ssh_config` and `known_hosts`, `off` does not. Default: `on`.',
      allow_reissue:
        '`true` allows reissuing, as `tsh proxy app` and `tsh kube login` require. Default: `false`.',
    },
  },
  application: {
    purpose: 'A client certificate for one web application.',
    keys: {
      app_name: 'Name, as shown by `tctl apps ls`.',
      specific_tls_naming:
        '`true` also writes `tls.crt`, `tls.key` and `tls.cas`. Default: `false`.',
    },
  },
  database: {
    purpose: 'A client certificate for one database.',
    keys: {
      service: 'Name, as shown by `tctl db ls`.',
      database: 'Database within it.',
      username: 'Database user.',
      format:
        'Additional files for a kind of client: `tls`, `mongo` or `cockroach`. Default: none.',
    },
  },
  kubernetes: {
    purpose: 'A kubeconfig for one cluster.',
    keys: { kubernetes_cluster: 'Name, as shown by `tctl kube ls`.' },
  },
  'kubernetes/v2': {
    purpose:
      'One kubeconfig for several clusters. The step fails if a `name` is not found, or if the kubeconfig would be empty because no cluster has the labels.',
    keys: {
      selectors: 'List of selectors, each with a `name` or `labels`.',
      'selectors.name': 'Name of a cluster.',
      'selectors.labels': 'Labels; selects all clusters that have them.',
      'selectors.default_namespace': 'Namespace of the contexts of this selector.',
      context_name_template:
        'Go template with `.ClusterName`, `.KubeName` and `.Labels`. Default: `{{.ClusterName}}-{{.KubeName}}`.',
      relay_server: 'Address of a Relay for the traffic.',
    },
  },
  ssh_host: {
    purpose: 'A host certificate for an OpenSSH server.',
    keys: {
      principals: 'List of names by which clients connect to the host.',
      ca_type:
        'CA in the file for `TrustedUserCAKeys`: `user` or `openssh`. An older tbot writes the user CA without an error, so the action rejects the key for it. Default: `user`.',
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
        'Has no effect. tbot requires it to be shorter than `session_duration`; the action ensures this.',
      credential_profile_name: 'Profile in the file. Default: `default`.',
      artifact_name: 'File name. Default: `aws_credentials`.',
      overwrite_credential_file: 'Has no effect, because the file is always new.',
    },
  },
};

/** Files by role. */
export const roles: Readonly<Record<string, string>> = {
  identity: 'Teleport identity file, for `tsh -i` and `tctl -i`',
  key: 'private key of the certificates beside it',
  'public-key': 'public key of `key`, in the format of OpenSSH',
  'ssh-certificate': 'SSH user certificate',
  certificate: 'X.509 client certificate',
  'host-ca': 'host CA of the cluster',
  'user-ca': 'user CA of the cluster, which issues certificates to users and bots',
  'database-ca': 'database CA of the cluster',
  'ssh-config': 'configuration for `ssh -F`',
  'known-hosts': 'host CA in the format of OpenSSH',
  kubeconfig: 'kubeconfig',
  'tls-certificate': 'client certificate',
  'tls-key': 'its private key',
  'tls-ca': 'CA certificates to verify the server with',
  'mongo-certificate': 'client certificate and private key in one file',
  'mongo-ca': 'CA certificates to verify the server with',
  'ssh-host-key': 'private key of the host',
  'ssh-host-certificate': 'host certificate',
  'ssh-host-user-ca': 'CA for `TrustedUserCAKeys` of sshd',
  svid: 'certificate and chain',
  'svid-key': 'its private key',
  'svid-bundle': 'CA certificates of the trust domain',
  'svid-crl': 'revocation list, if there is one',
  'jwt-svid': 'JWT',
  'aws-credentials': 'shared credentials file of AWS',
};

/** What a join method proves, and from where tbot reads it. */
export const methods: Readonly<Record<string, string>> = {
  github: "The job's OIDC token. The job needs `permissions: id-token: write`.",
  azure: 'Managed identity of the Azure VM. Input `azure-client-id`.',
  iam: 'AWS identity of the EC2 instance, or AWS credentials in variables ([list](#iam)).',
  gcp: 'Service account of the Google Cloud VM.',
  kubernetes: "Token of the pod's service account.",
  circleci: 'OIDC token of CircleCI.',
  gitlab: 'OIDC token of GitLab, whose audience is the cluster name.',
  spacelift: 'OIDC token of Spacelift.',
  terraform_cloud: 'Workload identity token of HCP Terraform.',
  azure_devops: 'OIDC token of Azure DevOps.',
  bitbucket: 'OIDC token of Bitbucket.',
  env0: 'OIDC token of env0.',
  tpm: 'TPM of the machine.',
  oracle: 'Identity of the Oracle Cloud instance.',
  bound_keypair: 'A key pair ([secrets](#secrets)).',
  generic_oidc: 'OIDC token of any other issuer.',
  token: 'The join token itself, which is then a secret ([secrets](#secrets)).',
};

/** Parameters in the input `onboarding`. */
export const parameters: Readonly<Record<string, string>> = {
  'gitlab.token_env_var_name': 'Variable with the OIDC token. Default: `TBOT_GITLAB_JWT`.',
  'terraform.audience_tag': 'Tag: tbot reads `TFC_WORKLOAD_IDENTITY_TOKEN_<TAG>`.',
  'kubernetes.token_path': 'File with the token of the service account.',
  'generic_oidc.env': 'Variable with the OIDC token. Either this or `command` is required.',
  'generic_oidc.command': 'List: a program that prints the OIDC token, and its arguments.',
  'generic_oidc.timeout': 'Time limit for the program, as a Go duration.',
  'bound_keypair.registration_secret': 'Secret of the first join. Masked.',
  'bound_keypair.registration_secret_path':
    'File with that secret. Cannot be combined with `registration_secret`.',
  'bound_keypair.static_private_key_path': 'File with a static key.',
};

const verified = 'verified on a real binary';
const source = 'read in source (November 2026)';
const documentation = 'from documentation';

/** How the entries of the support tables are known; all others were read in source. */
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
  key: { verified: [], documented: ['relay_server'] },
  method: {
    verified: ['github', 'azure'],
    documented: ['gcp', 'tpm', 'oracle', 'bound_keypair', 'token'],
  },
  lifetime: { verified: [], documented: ['168h instead of 24h'] },
};

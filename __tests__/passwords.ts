/** The password in `pasted`. */
export const password = 'hunter2';

/** Values that contain a password, as users may paste them; not all of them are URLs. */
export const pasted = [
  'bob:hunter2@mirror.example.com',
  'bob:hunter2@mirror.example.com/teleport',
  'bob:hunter2@mirror.example.com:443/teleport',
  'https://bob:hunter2@mirror.example.com/teleport',
  'https://bob:hunter2@mirror example.com',
  'https://bob:hunter2@[mirror.example.com/x',
  'https://bob:1234/hunter2@mirror.example.com',
  'https://hunter2@mirror.example.com',
  'bob:hunter2 word@mirror.example.com',
  'bob:hunter2,word@mirror.example.com',
  'bob:hunter2\nword@mirror.example.com',
  'http://bob:hunter2@mirror.example.com',
  'ftp://bob:hunter2@mirror.example.com',
  'bob:hunter2@mirror.example.com, other',
  'line\nbob:hunter2@mirror.example.com',
  '%bob:hunter2@mirror.example.com',
  '- bob:hunter2@mirror.example.com: x',
  '- type: identity\n  bob:hunter2@mirror.example.com: x',
  '- type: identity\n  credential_ttl: bob:hunter2@mirror.example.com',
  '- type: "bob:hunter2@mirror.example.com\\q"',
  '- {type: kubernetes/v2, selectors: [{labels: {"bob:hunter2@mirror.example.com": []}}]}',
  '- {type: kubernetes/v2, selectors: [{labels: {"bob:hunter2@mirror.example.com": {}}}]}',
  '- name: bob:hunter2@mirror.example.com\n  type: identity',
  'bob: hunter2@mirror.example.com',
] as const;

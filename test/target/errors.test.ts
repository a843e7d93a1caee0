import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {plainText} from '../../src/engine/text.ts';
import {installReflectMetadata} from '../../src/practice/api/reflect-metadata.ts';
import {loadKubeconfig} from '../../src/target/kubeconfig.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {TargetError} from '../../src/target/target.ts';

installReflectMetadata();
const x509 = await import('@peculiar/x509');

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;

/** A self-signed certificate for this machine, and its key, as PEM. */
async function certificate(notAfter: Date, subject = 'CN=bob'): Promise<{cert: string; key: string}> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: subject,
    notBefore: new Date('2020-01-01'),
    notAfter,
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{type: 'ip', value: '127.0.0.1'}])],
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: made.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const later = new Date('2099-01-01');

describe('a cluster that can not be reached', () => {
  let folder: string;
  let server: Server | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubekata-errors-'));
  });
  afterEach(async () => {
    rmSync(folder, {recursive: true});
    await new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
      server?.closeAllConnections();
    });
    server = undefined;
  });

  const write = (text: string): string => {
    const file = join(folder, 'config');
    writeFileSync(file, text);
    return file;
  };
  const configure = (cluster: object, user: object = {token: 'x'}, name = 'homelab'): string =>
    write(
      JSON.stringify({
        clusters: [{name: 'c', cluster}],
        users: [{name: 'bob', user}],
        contexts: [{name, context: {cluster: 'c', user: 'bob'}}],
        'current-context': name,
      }),
    );
  const problem = async (kubeconfig: string, context?: string): Promise<TargetError> => {
    try {
      const target = await liveTarget({kubeconfig, context, timing: {backoff: {first: 1, most: 1}}});
      await target.list().finally(() => target.close());
    } catch (error) {
      if (error instanceof TargetError) return error;
      throw error;
    }
    throw new Error('it could be reached');
  };
  const serve = async (
    keys: {cert: string; key: string},
    status = 200,
    body: unknown = {},
  ): Promise<string> => {
    server = createServer(keys, (_, response) => {
      response.writeHead(status, {'content-type': 'application/json'});
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => {
      server?.listen(0, '127.0.0.1', resolve);
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('has no kubeconfig', async () => {
    const found = await problem(join(folder, 'nothing'));
    expect(found.message).toBe('No kubeconfig was found.');
    expect(found.details[0]).toContain(`${join(folder, 'nothing')} is not there.`);
  });

  it('has one that is not YAML, in a line', async () => {
    const file = write('clusters:\n- name: a\n\tb: c\n');
    expect((await problem(file)).message).toBe(`${file} can't be read: line 3 is not YAML.`);
  });

  it('has one that is something else', async () => {
    const file = write('just text');
    expect((await problem(file)).message).toBe(`${file} is no kubeconfig.`);
  });

  it('is not among the contexts: the closest is offered', async () => {
    const found = await problem(configure({server: 'https://x'}), 'homlab');
    expect(found.problem).toBe('unknown-context');
    expect(found.message).toBe('kubeconfig has no context homlab. Did you mean homelab?');
    expect((await problem(configure({server: 'https://x'}), 'production')).message).toBe(
      'kubeconfig has no context production.',
    );
  });

  it('has no server', async () => {
    expect((await problem(configure({}))).message).toBe('Context homelab has no server.');
    expect((await problem(configure({server: 'nonsense'}))).message).toBe(
      'The server of context homelab is no URL: nonsense.',
    );
  });

  it('refuses the connection', async () => {
    const address = await serve(await certificate(later));
    await new Promise<void>((resolve) => {
      server?.close(() => resolve());
    });
    const found = await problem(configure({server: address}));
    expect(found.problem).toBe('unreachable');
    expect(found.message).toBe('homelab does not answer.');
    expect(found.details).toEqual([
      `${address} refused the connection, 3 times in 1 second (ECONNREFUSED). Is the machine up, and are you on its network? To try by hand:`,
      '  kubectl --context homelab get --raw /readyz',
    ]);
    const practice = await problem(configure({server: address}, undefined, 'kubekata-practice'));
    expect(practice.details[0]).toContain('Is its manifest broken, nodes/rpi-1/etc/kubernetes/manifests/');
  });

  it('has a name that nobody knows', async () => {
    const found = await problem(configure({server: 'https://cluster.invalid:6443'}));
    expect(found.problem).toBe('unreachable');
    expect(found.details[0]).toMatch(/(ENOTFOUND|EAI_AGAIN)\)\. Is the name right/);
  });

  it('shows a certificate of someone else', async () => {
    const address = await serve(await certificate(later));
    const other = await certificate(later, 'CN=other');
    const found = await problem(
      configure({server: address, 'certificate-authority-data': base64(other.cert)}),
    );
    expect(found.problem).toBe('certificate');
    expect(found.message).toBe(
      "homelab can't prove that it is the server it should be: it is not signed by the certificate authority of the kubeconfig.",
    );
  });

  it('shows a certificate that has ended', async () => {
    const keys = await certificate(new Date('2024-01-01'));
    const address = await serve(keys);
    const found = await problem(
      configure({server: address, 'certificate-authority-data': base64(keys.cert)}),
    );
    expect(found.message).toContain('its certificate has ended');
  });

  it('speaks no TLS', async () => {
    const {createServer: plain} = await import('node:http');
    const http = plain((_, response) => response.end());
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    const found = await problem(
      configure({server: `https://127.0.0.1:${(http.address() as AddressInfo).port}`}),
    );
    http.close();
    expect(found.problem).toBe('certificate');
    expect(found.message).toBe('homelab does not speak TLS as it should.');
  });

  it('does not take a client certificate that has ended: when it did, and how to renew it', async () => {
    const keys = await certificate(later);
    const user = await certificate(new Date('2024-02-03T10:00:00Z'));
    const address = await serve(keys, 401, {kind: 'Status', message: 'Unauthorized'});
    const found = await problem(
      configure(
        {server: address, 'certificate-authority-data': base64(keys.cert)},
        {'client-certificate-data': base64(user.cert), 'client-key-data': base64(user.key)},
      ),
    );
    expect(found.message).toBe('homelab does not know you any more.');
    expect(found.details[0]).toMatch(
      /^It answered 401 Unauthorized\. The client certificate of user bob in \S+ ended on 3 February 2024, \d+ days ago\.$/,
    );
    expect(found.details).toContain('  kubeadm certs renew admin.conf');
  });

  it('has a problem of its own', async () => {
    const keys = await certificate(later);
    const address = await serve(keys, 503, {kind: 'Status', message: 'apiserver is shutting down'});
    const found = await problem(
      configure({server: address, 'certificate-authority-data': base64(keys.cert)}),
    );
    expect(found.problem).toBe('server');
    expect(found.details[0]).toBe('apiserver is shutting down');
  });

  it('is signed in to by a program that is not installed', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-plugin',
      interactiveMode: 'Never',
    };
    const found = await problem(configure({server: 'https://127.0.0.1:1'}, {exec}));
    expect(found.problem).toBe('exec-plugin');
    expect(found.message).toBe('Context homelab signs in by no-such-plugin, which is not on PATH.');
  });

  it('is signed in to by a program that fails, or works', async () => {
    const exec = (script: string) => ({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'sh',
        args: ['-c', script],
        interactiveMode: 'Never',
      },
    });
    const found = await problem(
      configure({server: 'https://127.0.0.1:1'}, exec('echo please log in >&2; exit 1')),
    );
    expect(found.message).toBe('Context homelab signs in by sh, which failed.');
    expect(found.details[0]).toBe('It said: please log in');

    const keys = await certificate(later);
    const seen: (string | undefined)[] = [];
    server = createServer(keys, ({headers}, response) => {
      seen.push(headers.authorization);
      response.writeHead(404, {'content-type': 'application/json'});
      response.end('{"kind":"Status"}');
    });
    await new Promise<void>((resolve) => {
      server?.listen(0, '127.0.0.1', resolve);
    });
    const credential = {
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      status: {token: 'fresh'},
    };
    const kubeconfig = configure(
      {
        server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
        'certificate-authority-data': base64(keys.cert),
      },
      exec(`test -n "$KUBERNETES_EXEC_INFO" && echo '${JSON.stringify(credential)}'`),
    );
    const target = await liveTarget({kubeconfig});
    await target.identity();
    await target.close();
    expect(seen).toEqual(['Bearer fresh']);
  });
});

describe('several kubeconfig files', () => {
  it('are merged, the first that names something wins, paths are of their own folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubekata-merge-'));
    const config = (name: string, server: string) =>
      JSON.stringify({
        clusters: [{name: 'c', cluster: {server, 'certificate-authority': 'ca.crt'}}],
        contexts: [
          {name: 'shared', context: {cluster: 'c', user: name}},
          {name, context: {cluster: 'c', user: name}},
        ],
        'current-context': name,
      });
    writeFileSync(join(folder, 'a'), config('a', 'https://a'));
    writeFileSync(join(folder, 'b'), config('b', 'https://b'));
    const merged = loadKubeconfig(undefined, {
      KUBECONFIG: `${join(folder, 'a')}:${join(folder, 'missing')}:${join(folder, 'b')}`,
    });
    expect(merged.currentContext).toBe('a');
    expect(merged.contexts.map(({name, user}) => [name, user])).toEqual([
      ['shared', 'a'],
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(merged.clusters.get('c')).toEqual({
      server: 'https://a',
      'certificate-authority': join(folder, 'ca.crt'),
    });
    rmSync(folder, {recursive: true});
  });
});

describe('plain text', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a\u001b[31mred\u001b[0m b', 'ared b'],
    ['title \u001b]0;owned\u0007set', 'title set'],
    ['two\r\nlines\tand tab', 'two lines and tab'],
    ['back\u0008space\u0000', 'backspace'],
    ['right\u202eleft', 'rightleft'],
    ['c1 \u009b31mx', 'c1 31mx'],
    ['Grüße ✓', 'Grüße ✓'],
  ];
  for (const [given, text] of cases) {
    it(JSON.stringify(given), () => expect(plainText(given)).toBe(text));
  }
});

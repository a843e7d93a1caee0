import {execFileSync} from 'node:child_process';
import {chmodSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {describe, expect, it, vi} from 'vitest';
import {refOf} from '../../src/engine/objects.ts';
import {change, limits, manifestsFolder, pod, remove, resources, unreadable} from '../helpers/manifests.ts';

const folder = manifestsFolder();

const hasKubectl = (() => {
  try {
    return execFileSync('kubectl', ['version', '--client'], {stdio: 'pipe'}).length > 0;
  } catch {
    return false;
  }
})();

describe('sources of other tools', () => {
  const kustomization = () => {
    folder.put('base/kustomization.yaml', 'resources: [web.yaml]\n');
    folder.put('base/web.yaml', pod('web'));
    folder.put('prod/kustomization.yaml', 'resources: [../base]\npatches: [{path: patch.yaml}]\n');
    folder.put(
      'prod/patch.yaml',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: home}\nspec: {hostNetwork: true}\n`,
    );
  };

  it.skipIf(!hasKubectl)('a kustomization is rendered, and not edited', async () => {
    kustomization();
    const target = folder.open();
    const [found, ...others] = resources(await target.list());
    expect(others).toEqual([]);
    expect(found).toMatchObject({source: 'prod (kustomize):1', object: {spec: {hostNetwork: true}}});
    const [item] = await target.preview(
      change({do: 'edit', object: refOf(found!), edits: [remove('spec', 'hostNetwork')]}),
    );
    expect(item?.rejection).toBe(
      'prod is a kustomization, rendered: change its sources (prod/patch.yaml, base/web.yaml), and rescan.',
    );
  });

  it('without a tool its resources are read as they stand, its patches are not, and that is told', async () => {
    kustomization();
    vi.stubEnv('PATH', folder.root);
    const events = await folder.open().list();
    expect(resources(events).map(({source}) => source)).toEqual(['base/web.yaml:1']);
    expect(unreadable(events).prod).toMatch(
      /^The kustomization was not rendered: kustomize or kubectl is not on PATH\./,
    );
  });

  it('a kustomization that only names and labels is read as it stands, and edited', async () => {
    folder.put('kustomization.yaml', 'namespace: home\nresources: [web.yaml]\n');
    folder.put('web.yaml', pod('web'));
    vi.stubEnv('PATH', folder.root);
    const target = folder.open();
    expect(unreadable(await target.list())).toEqual({});
    const [item] = await target.preview(change(limits()));
    expect(item?.warnings).toEqual([
      'Add kubekata-added.yaml to the resources of the kustomization beside it.',
    ]);
  });

  it('one that builds on an address is not fetched', async () => {
    folder.put('kustomization.yaml', 'resources: [web.yaml, "https://example.com/x.yaml"]\n');
    folder.put('web.yaml', pod('web'));
    const events = await folder.open().list();
    expect(resources(events)).toHaveLength(1);
    expect(unreadable(events)['.']).toContain(
      'it refers to https://example.com/x.yaml, and nothing is fetched',
    );
  });

  it('a chart is rendered where helm is, else told', async () => {
    folder.put('chart/Chart.yaml', 'name: shop\nversion: 1.0.0\n');
    folder.put('chart/templates/web.yaml', `{{ if true }}\n${pod('web')}{{ end }}\n`);
    const bin = join(folder.root, 'bin');
    vi.stubEnv('PATH', bin);
    expect(unreadable(await folder.open().list())).toEqual({
      chart:
        'The Helm chart was not read: helm is not on PATH. Render it: helm template shop chart | kubekata scan --manifests -',
    });
    // helm is not installed here: a program of the same name and arguments stands in for it.
    folder.put('bin/helm', `#!/bin/sh\n[ "$1 $2" = "template shop" ] && sed /{{/d "$3"/templates/*.yaml\n`);
    chmodSync(join(bin, 'helm'), 0o755);
    vi.stubEnv('PATH', `${bin}${delimiter}/usr/bin${delimiter}/bin`);
    const events = await folder.open().list();
    expect(unreadable(events)).toEqual({});
    expect(resources(events).map(({source}) => source)).toEqual(['chart (helm template):1']);
  });

  it('gives helm no option for a name', async () => {
    folder.put('chart/Chart.yaml', 'name: --post-renderer=/bin/false\n');
    folder.put(
      'bin/helm',
      '#!/bin/sh\necho "# $2"\necho "kind: Namespace"; echo "apiVersion: v1"; echo "metadata: {name: $2}"\n',
    );
    chmodSync(join(folder.root, 'bin/helm'), 0o755);
    vi.stubEnv('PATH', `${join(folder.root, 'bin')}${delimiter}/bin`);
    expect(resources(await folder.open().list()).map(({id}) => id)).toEqual(['Namespace//release']);
  });
});

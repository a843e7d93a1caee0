import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {describe} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {imageOf} from './shared/image.ts';
import {manualFix} from './shared/manual.ts';
import {inContainer, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'image-digests',
  title: 'Images without a digest',
  practice: 'secure-images',
  baseScore: 3,
  needs: WORKLOADS,
  messages: {
    unpinned:
      'Container {container} of {object} runs {found}: whoever may push to the registry may put something else behind that tag. Add its digest, @sha256:...',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Building secure container images',
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  ],
} satisfies ControlMeta;

export const imageDigests = defineControl({
  meta,
  ...overWorkloads,
  *check(resource) {
    for (const container of podTemplate(resource).containers) {
      if (!/^sha256:[0-9a-f]{64}$/.test(imageOf(container).digest))
        yield inContainer('unpinned', resource, container, ['image'], container.spec.image);
    }
  },
  fixes: (failures) =>
    failures.values().map(({resource, findings}) => {
      const images = [...new Set(findings.map(({found}) => found))];
      const space = resource.namespace || 'default';
      return manualFix(meta, resource.key, {
        approach: 'the digest behind the tag',
        summary: 'looks the digest up and pins it',
        steps: [
          ...images.map(
            (image) => `Look it up: crane digest ${image} (or skopeo inspect --format '{{.Digest}}').`,
          ),
          `Compare with what runs: kubectl -n ${space} get pods -o jsonpath='{..imageID}'`,
          `Write image: NAME:TAG@sha256:... in the source of ${describe(resource)}, and let Renovate or a like keep it fresh: a pinned image gets no fix by itself.`,
          `Verify: kubectl -n ${space} get ${resource.kind.toLowerCase()} ${resource.name} -o yaml | grep 'image:' shows @sha256 in each line.`,
        ],
      });
    }),
});

import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asString} from '../src/engine/json.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {workloadFix} from './shared/fix.ts';
import {imageOf} from './shared/image.ts';
import {inContainer, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'image-tags',
  title: 'Images with a tag that moves',
  practice: 'secure-images',
  baseScore: 5,
  needs: WORKLOADS,
  messages: {
    moving:
      'Container {container} of {object} runs {found}: what that is changes with every push, and nobody can tell later what ran. Name a version, better its digest.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Building secure container images',
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  ],
} satisfies ControlMeta;

const isMoving = ({tag, digest}: ReturnType<typeof imageOf>): boolean =>
  digest === '' && (tag === '' || tag === 'latest');

export const imageTags = defineControl({
  meta,
  ...overWorkloads,
  *check(resource) {
    for (const container of podTemplate(resource).containers) {
      if (isMoving(imageOf(container)))
        yield inContainer('moving', resource, container, ['image'], container.spec.image);
    }
  },
  fixes: (failures) =>
    failures.map((failure) =>
      workloadFix(meta, failure, {
        approach: 'a version by name',
        summary: 'sets the image that you name, restarts its pods',
        kind: 'review',
        edits: podTemplate(failure.resource)
          .containers.filter((container) => isMoving(imageOf(container)))
          .map((container) => ({
            op: 'set',
            path: [...container.path, 'image'],
            value: {
              ask: {
                id: `image of ${container.name} in ${failure.resource.key}`,
                label: `image of ${container.name}`,
                type: 'text',
                reason: `it is ${asString(container.spec.image)}: kubectl get pods -o jsonpath='{..imageID}' tells the digest that runs`,
              },
            },
          })),
        consequence: 'Pods start from the image that you name; it has to be in the registry.',
      }),
    ),
});

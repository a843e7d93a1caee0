import {asArray, asObject, type Json} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {podTemplate} from '../../src/engine/pod-spec.ts';

const named = (value: Json | undefined, name: string): boolean => asObject(value).name === name;

/** Whether a workload reads a ConfigMap: as variables, or as files. */
export function mentionsConfigMap(workload: Resource, name: string): boolean {
  const {spec, containers} = podTemplate(workload);
  const inVolumes = asArray(spec.volumes)
    .map(asObject)
    .flatMap((volume) => [volume, ...asArray(asObject(volume.projected).sources).map(asObject)])
    .some(({configMap}) => named(configMap, name));
  const inVariables = containers.some(
    (container) =>
      asArray(container.spec.envFrom).some((source) => named(asObject(source).configMapRef, name)) ||
      asArray(container.spec.env).some((variable) =>
        named(asObject(asObject(variable).valueFrom).configMapKeyRef, name),
      ),
  );
  return inVolumes || inVariables;
}

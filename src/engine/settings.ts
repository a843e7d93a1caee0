/** What a check needs beside objects: the day it is, and what the person decided in `kubekata.yaml`. */
export type Settings = {
  /** `2027-05-23`, where the person is. */
  readonly today?: string;
  /** Registries, or repositories in them, that images may come from: `quay.io/argoproj`. */
  readonly registries?: readonly string[];
  /** Workloads that have to run in a sandbox: `NAMESPACE`, or `NAMESPACE/NAME`. */
  readonly sandboxed?: readonly string[];
};

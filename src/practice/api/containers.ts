/** What a command in a container printed, and how it ended. */
export type CommandResult = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Why it could not be started at all, as the container runtime says it. */
  readonly refused?: string;
};

export type ContainerOf = {readonly namespace: string; readonly name: string; readonly container: string};

/** What the simulated kubelet knows of running containers, for `logs` and `exec`. */
export type ContainerAccess = {
  /** The lines of a container's log; undefined when there is no such container. */
  log(of: ContainerOf & {readonly previous: boolean}): string | undefined;
  /** Runs one of the commands that are simulated. */
  run(of: ContainerOf, command: readonly string[]): CommandResult;
  /** Why the kubelet of a pod's node can't be asked, and where it would be; undefined when it runs. */
  unreachable(node: string): {readonly address: string; readonly why: string} | undefined;
  /** What an interactive shell shows before each command: `/ # `. */
  prompt(of: ContainerOf): string;
};

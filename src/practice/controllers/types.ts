import type {Json, JsonObject} from '../../engine/json.ts';
import type {KubeObject} from '../../engine/objects.ts';

/** The fields of API objects that the simulated controllers read. Everything else is kept, and not looked at. */
export type Labels = {readonly [key: string]: string};

export type OwnerReference = JsonObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
};

export type Meta = JsonObject & {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
};

export type Obj = KubeObject & {readonly metadata: Meta};

export type Condition = JsonObject & {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
};

export type SecurityContext = JsonObject & {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: {readonly add?: readonly string[]; readonly drop?: readonly string[]};
  readonly sysctls?: readonly {readonly name: string; readonly value: string}[];
};

export type KeyReference = {readonly name: string; readonly key: string; readonly optional?: boolean};
export type EnvironmentVariable = JsonObject & {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: JsonObject & {
    readonly configMapKeyRef?: KeyReference;
    readonly secretKeyRef?: KeyReference;
  };
};
export type NameReference = {readonly name: string; readonly optional?: boolean};

export type Container = JsonObject & {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly restartPolicy?: string;
  readonly ports?: readonly (JsonObject & {
    readonly containerPort: number;
    readonly hostPort?: number;
    readonly hostIP?: string;
    readonly protocol?: string;
    readonly name?: string;
  })[];
  readonly env?: readonly EnvironmentVariable[];
  readonly envFrom?: readonly (JsonObject & {
    readonly configMapRef?: NameReference;
    readonly secretRef?: NameReference;
  })[];
  readonly resources?: JsonObject & {readonly requests?: Labels; readonly limits?: Labels};
  readonly volumeMounts?: readonly (JsonObject & {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  })[];
  readonly securityContext?: SecurityContext;
};

export type Projection = JsonObject & {
  readonly serviceAccountToken?: JsonObject;
  readonly configMap?: NameReference;
  readonly secret?: NameReference;
};
export type Volume = JsonObject & {
  readonly name: string;
  readonly configMap?: NameReference;
  readonly secret?: {readonly secretName: string; readonly optional?: boolean};
  readonly persistentVolumeClaim?: {readonly claimName: string};
  readonly projected?: {readonly sources?: readonly Projection[]};
};

export type Toleration = {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
};

export type PodSpec = JsonObject & {
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly affinity?: JsonObject;
  readonly tolerations?: readonly Toleration[];
  readonly hostNetwork?: boolean;
  readonly restartPolicy?: string;
  readonly schedulerName?: string;
  readonly serviceAccountName?: string;
  readonly securityContext?: SecurityContext;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
};

export type ContainerState = JsonObject & {
  readonly waiting?: {readonly reason: string; readonly message?: string};
  readonly running?: {readonly startedAt: string};
  readonly terminated?: JsonObject & {
    readonly exitCode: number;
    readonly reason: string;
    readonly startedAt: string;
    readonly finishedAt: string;
  };
};

export type ContainerStatus = JsonObject & {
  readonly name: string;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly started: boolean;
};

export type PodStatus = JsonObject & {
  readonly phase?: string;
  readonly podIP?: string;
  readonly hostIP?: string;
  readonly startTime?: string;
  readonly conditions?: readonly Condition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
};
export type Pod = Obj & {readonly spec: PodSpec; readonly status?: PodStatus};

export type PodTemplate = JsonObject & {
  readonly metadata?: JsonObject & {readonly labels?: Labels; readonly annotations?: Labels};
  readonly spec: PodSpec;
};

type WorkloadStatus = JsonObject & {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly observedGeneration?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
};
type Bounds = {readonly maxSurge?: Json; readonly maxUnavailable?: Json; readonly partition?: number};

export type ReplicaSet = Obj & {
  readonly spec: JsonObject & {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector: JsonObject;
    readonly template: PodTemplate;
  };
  readonly status?: WorkloadStatus;
};
export type Deployment = Obj & {
  readonly spec: JsonObject & {
    readonly replicas?: number;
    readonly selector: JsonObject & {readonly matchLabels?: Labels};
    readonly template: PodTemplate;
    readonly strategy?: {readonly type?: string; readonly rollingUpdate?: Bounds};
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly progressDeadlineSeconds?: number;
    readonly paused?: boolean;
  };
  readonly status?: WorkloadStatus;
};
export type StatefulSet = Obj & {
  readonly spec: JsonObject & {
    readonly replicas?: number;
    readonly serviceName?: string;
    readonly selector: JsonObject & {readonly matchLabels?: Labels};
    readonly template: PodTemplate;
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: {readonly type?: string; readonly rollingUpdate?: Bounds};
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly volumeClaimTemplates?: readonly Obj[];
  };
  readonly status?: WorkloadStatus & {readonly currentRevision?: string; readonly updateRevision?: string};
};
export type DaemonSet = Obj & {
  readonly spec: JsonObject & {
    readonly selector: JsonObject;
    readonly template: PodTemplate;
    readonly updateStrategy?: {readonly type?: string; readonly rollingUpdate?: Bounds};
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
  };
  readonly status?: WorkloadStatus;
};
export type Job = Obj & {
  readonly spec: JsonObject & {
    readonly parallelism?: number;
    readonly completions?: number;
    readonly backoffLimit?: number;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly suspend?: boolean;
    readonly completionMode?: string;
    readonly template: PodTemplate;
  };
  readonly status?: JsonObject & {
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly conditions?: readonly Condition[];
  };
};
export type CronJob = Obj & {
  readonly spec: JsonObject & {
    readonly schedule: string;
    readonly timeZone?: string;
    readonly suspend?: boolean;
    readonly concurrencyPolicy?: string;
    readonly startingDeadlineSeconds?: number;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: JsonObject & {readonly metadata?: JsonObject; readonly spec: JsonObject};
  };
  readonly status?: JsonObject & {
    readonly lastScheduleTime?: string;
    readonly active?: readonly JsonObject[];
  };
};

export type Taint = {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
};
export type Node = Obj & {
  readonly spec: JsonObject & {
    readonly podCIDR?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status?: JsonObject & {
    readonly allocatable?: Labels;
    readonly addresses?: readonly {readonly type: string; readonly address: string}[];
  };
};

export type ServicePort = JsonObject & {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
};
export type Service = Obj & {
  readonly spec: JsonObject & {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
    readonly publishNotReadyAddresses?: boolean;
  };
  readonly status?: JsonObject & {
    readonly loadBalancer?: {readonly ingress?: readonly {readonly ip?: string}[]};
  };
};

export type PolicyPeer = JsonObject & {
  readonly podSelector?: JsonObject;
  readonly namespaceSelector?: JsonObject;
  readonly ipBlock?: {readonly cidr: string; readonly except?: readonly string[]};
};
export type PolicyPort = {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
};
export type NetworkPolicy = Obj & {
  readonly spec: JsonObject & {
    readonly podSelector?: JsonObject;
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly {
      readonly to?: readonly PolicyPeer[];
      readonly ports?: readonly PolicyPort[];
    }[];
    readonly ingress?: readonly {
      readonly from?: readonly PolicyPeer[];
      readonly ports?: readonly PolicyPort[];
    }[];
  };
};

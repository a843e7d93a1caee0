/** One expression that must be true of an object that is admitted, and the sentence for one that it is not true of. */
export type AdmissionCheck = {readonly expression: string; readonly message: string};

/**
 * A control as the API server itself can hold it: expressions of CEL over any workload. They may name `variables.pod`
 * (the pod spec), `variables.containers` (all), `variables.own` (neither init nor ephemeral), `variables.lasting`
 * (all but ephemeral) and `variables.linux`.
 */
export type AdmissionRule = readonly AdmissionCheck[];

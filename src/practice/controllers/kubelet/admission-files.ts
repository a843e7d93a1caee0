import {AdmissionConfigError, readImagePolicy} from '../../api/admission/image-policy-config.ts';

/** The line that a server leaves which does not start with the files of its admission plugins; undefined where it does. */
export function admissionFault(
  flags: ReadonlyMap<string, string>,
  read: (path: string) => string | undefined,
): string | undefined {
  const enabled = (flags.get('enable-admission-plugins') ?? '').split(',');
  try {
    readImagePolicy(flags.get('admission-control-config-file'), enabled.includes('ImagePolicyWebhook'), read);
    return undefined;
  } catch (error) {
    if (!(error instanceof AdmissionConfigError)) throw error;
    const {message} = error;
    return message.startsWith('Couldn') ? message : `"command failed" err=${JSON.stringify(message)}`;
  }
}

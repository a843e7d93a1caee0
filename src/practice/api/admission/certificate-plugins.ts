import {asObject, asString, equal, type JsonObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {decide} from '../authz.ts';
import {subjectOfRequest} from '../certificate-subject.ts';
import type {User} from '../context.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

export const requestsId = 'certificatesigningrequests.certificates.k8s.io';

/** Whether the user may do this for a signer, by its name or for all of its domain. */
function mayFor(server: ApiServer, user: User, verb: string, signer: string): boolean {
  const [domain = ''] = signer.split('/');
  return [signer, `${domain}/*`].some(
    (name) =>
      decide(server, user, {
        ...{verb, isResource: true, path: '', rest: '', namespace: '', subresource: ''},
        ...{group: 'certificates.k8s.io', version: '*', resource: 'signers', name},
      }).allowed,
  );
}

const client = 'kubernetes.io/kube-apiserver-client';

/** The plugins CertificateApproval, CertificateSigning and CertificateSubjectRestriction. @throws {ApiError} 403 */
export function checkCertificateRequest(
  server: ApiServer,
  info: ResourceInfo,
  request: JsonObject,
  old: Stored | undefined,
  sub: string,
  user: User,
): void {
  const {plugins} = server.settings;
  const refuse = (why: string): never => {
    throw forbidden(info, asString(asObject(request.metadata).name), why);
  };
  const signer = asString(asObject((old ?? request).spec).signerName);
  const who = `requests with signerName ${JSON.stringify(signer)}`;
  if (old && sub === 'approval' && plugins.has('CertificateApproval'))
    if (!mayFor(server, user, 'approve', signer)) refuse(`user not permitted to approve ${who}`);
  if (old && sub === 'status' && plugins.has('CertificateSigning')) {
    const [after, before] = [asObject(request.status), asObject(old.status)];
    const isSame =
      asString(after.certificate) === asString(before.certificate) &&
      equal(after.conditions ?? [], before.conditions ?? []);
    if (!isSame && !mayFor(server, user, 'sign', signer)) refuse(`user not permitted to sign ${who}`);
  }
  if (old || signer !== client || !plugins.has('CertificateSubjectRestriction')) return;
  const subject = subjectOfRequest(asString(asObject(request.spec).request));
  if (subject?.organizations.includes('system:masters'))
    refuse(`use of ${client} signer with system:masters group is not allowed`);
}

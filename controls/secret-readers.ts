import {grantControl} from './shared/grant-control.ts';

export const secretReaders = grantControl({
  id: 'secret-readers',
  title: 'Who may read Secrets',
  baseScore: 7,
  permission: {verbs: ['get', 'list', 'watch', '*'], apiGroups: ['', '*'], resources: ['secrets', '*']},
  message:
    '{subject} may read the Secrets of {where}: {role} allows {found}. Name the one Secret that it needs in resourceNames, or take it away.',
});

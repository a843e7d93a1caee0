import {grantControl} from './shared/grant-control.ts';

export const podCreators = grantControl({
  id: 'pod-creators',
  title: 'Who may create pods',
  baseScore: 5,
  permission: {verbs: ['create', '*'], apiGroups: ['', '*'], resources: ['pods', '*']},
  message:
    '{subject} may create pods in {where}: {role} allows {found}. A pod of its own reads every Secret and uses every ServiceAccount there.',
});

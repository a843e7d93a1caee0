import {personControl} from './shared/person-control.ts';

export const accountReview = personControl({
  id: 'account-review',
  title: 'Accounts of people reviewed',
  practice: 'authentication',
  baseScore: 3,
  question:
    'does everybody sign in with a second factor and an account of their own, and do leavers lose it the same day?',
  references: ['Kubernetes Hardening Guidance, Authentication and authorization: Authentication'],
});

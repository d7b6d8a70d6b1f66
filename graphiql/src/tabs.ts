/** The tabs of a first visit. */
import audience from './tabs/audience.graphql?raw';
import changes from './tabs/changes.graphql?raw';
import offer from './tabs/offer.graphql?raw';
import people from './tabs/people.graphql?raw';
import shares from './tabs/shares.graphql?raw';
import viewer from './tabs/viewer.graphql?raw';

const json = (variables: object) => JSON.stringify(variables, null, 2);

export const TABS = [
  { query: viewer },
  { query: shares, variables: json({ slug: '' }) },
  { query: people, variables: json({ slug: '' }) },
  { query: audience, variables: json({ slug: '' }) },
  { query: changes, variables: json({ nation: '' }) },
  {
    query: offer,
    variables: json({ input: { tagId: '', receiverSlugs: [''], syncProfiles: true, offerNewProfiles: true } }),
  },
];

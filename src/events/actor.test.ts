import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { actorOf, actorOfRequest, authOf, identityIn } from './actor.ts';

const USER = 'c62973cc-5684-4b0e-a73e-9e3c40b6e1f0';
const OTHER = '5418ef78-e938-44e9-8753-ae55b81a65a0';
const OID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
const SCOPE = 'http://schemas.microsoft.com/identity/claims/scope';
const UPN = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const MAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const MANAGED =
  '/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders';

function who(claims: JsonObject | null, evidence: JsonObject | null = null, caller: string | null = null) {
  const actor = actorOf({ claims, evidence, caller, userAgent: null });
  return actor === null ? null : [actor.id, actor.name, actor.type];
}

describe('actorOf', () => {
  test.each<[string, ReturnType<typeof who>, ReturnType<typeof who>]>([
    [
      'a user',
      who({ [OID]: USER, [UPN]: 'ops@contoso.example', [SCOPE]: 'user_impersonation' }),
      [USER, 'ops@contoso.example', 'user'],
    ],
    [
      'a guest has a mail address',
      who({ oid: USER, [MAIL]: 'guest@contoso.example', idtyp: 'user' }),
      [USER, 'guest@contoso.example', 'user'],
    ],
    ['an application', who({ oid: OTHER, idtyp: 'app', appid: USER }), [OTHER, null, 'service_principal']],
    [
      'an application by its kind of token',
      who({ oid: OTHER, appid: USER, appidacr: '2' }),
      [OTHER, null, 'service_principal'],
    ],
    [
      'an application with a name',
      who({ oid: OTHER, idtyp: 'app', app_displayname: 'deploy' }),
      [OTHER, 'deploy', 'service_principal'],
    ],
    [
      'a managed identity',
      who({ oid: OTHER, idtyp: 'app', xms_mirid: MANAGED }),
      [OTHER, 'id-orders', 'managed_identity'],
    ],
    [
      'the role assignment of a user',
      who({}, { principalId: USER.replaceAll('-', ''), principalType: 'User' }),
      [USER, null, 'user'],
    ],
    [
      'the role assignment of an application',
      who({ appid: OTHER }, { principalId: USER, principalType: 'ServicePrincipal' }),
      [USER, null, 'service_principal'],
    ],
    [
      "a group's role is not who it was",
      who({ [UPN]: 'ops@contoso.example' }, { principalId: OTHER, principalType: 'Group' }),
      ['ops@contoso.example', 'ops@contoso.example', 'user'],
    ],
    [
      "nor is an application's, when a user acts",
      who({ [UPN]: 'ops@contoso.example' }, { principalId: OTHER, principalType: 'ServicePrincipal' }),
      ['ops@contoso.example', 'ops@contoso.example', 'user'],
    ],
    [
      'the claims come before the assignment',
      who({ oid: USER }, { principalId: OTHER, principalType: 'User' }),
      [USER, null, 'user'],
    ],
    [
      'caller is a name',
      who(null, null, 'Ops@contoso.example'),
      ['ops@contoso.example', 'Ops@contoso.example', 'unknown'],
    ],
    ['caller is an id', who(null, null, USER.toUpperCase()), [USER, null, 'unknown']],
    ['nobody', who(null), null],
    ['nobody, with claims', who({ ver: '1.0' }), null],
  ])('%s', (_, told, expected) => {
    expect(told).toEqual(expected);
  });

  test('programs are named', () => {
    const named = ['c44b4083-3bb0-49c1-b47d-974e53cbdf3c', '04B07795-8DDB-461A-BBEE-02F9E1BF7B46', 'constructor'].map(
      (appid) => actorOf({ claims: { oid: USER, appid }, evidence: null, caller: null, userAgent: null })?.appName,
    );
    expect(named).toEqual(['Azure portal', 'Azure CLI', null]);
  });
});

describe('identityIn', () => {
  const claims = { oid: USER };
  const evidence = { principalType: 'User' };
  test.each<[string, JsonObject]>([
    ['export', { identity: { claims, authorization: { evidence } } }],
    ['export, as text', { identity: JSON.stringify({ claims, authorization: { evidence } }) }],
    ['REST', { claims, authorization: { evidence } }],
    [
      'AzureActivity, dynamic columns',
      { Claims_d: claims, Authorization_d: { evidence }, Claims: '', Authorization: '' },
    ],
    ['AzureActivity, text columns', { Claims: JSON.stringify(claims), Authorization: JSON.stringify({ evidence }) }],
  ])('%s', (_, record) => {
    expect(identityIn(record)).toEqual({ claims, evidence });
  });
});

describe('authOf', () => {
  test.each([
    ['PrimaryMasterKey', 'primary_key'],
    ['SecondaryMasterKey', 'secondary_key'],
    ['PrimaryReadOnlyMasterKey', 'readonly_key'],
    ['SecondaryReadonlyMasterKey', 'readonly_key'],
    ['ResourceToken', 'resource_token'],
    ['AadToken', 'entra'],
    ['SystemAll', 'unknown'],
    ['', null],
  ])('%s', (type, expected) => {
    expect(authOf(type, null)).toBe(expected);
  });
  test('a principal is Entra ID, whatever the type says', () => expect(authOf('PrimaryMasterKey', USER)).toBe('entra'));
});

describe('actorOfRequest', () => {
  test.each([
    ['a key at its address', actorOfRequest('primary_key', null, '203.0.113.7', null)?.id, 'primary_key@203.0.113.7'],
    ['a key without address', actorOfRequest('readonly_key', null, null, null)?.id, 'readonly_key'],
    ['a principal', actorOfRequest('entra', USER.toUpperCase(), '203.0.113.7', null)?.id, USER],
    ['Entra ID without principal', actorOfRequest('entra', null, '203.0.113.7', null), null],
    ['nothing told', actorOfRequest(null, null, '203.0.113.7', null), null],
  ])('%s', (_, told, expected) => {
    expect(told).toEqual(expected);
  });
});

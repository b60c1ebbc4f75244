import { Refusal } from './link.js';

/**
 * Where the page's tokens and tickets come from. `config.json` beside the page says how its deployment is reached:
 * `{url, apiKey, roomPolicy?, session? , cognito?: {region, clientId, endpoint?}}`.
 *
 * @typedef {object} Config
 * @property {string} [url] of the WebSocket
 * @property {string} [apiKey]
 * @property {'open' | 'ticket'} [roomPolicy]
 * @property {string} [session] where development users are signed in; only the local stack has that
 * @property {{region: string, clientId: string, endpoint?: string}} [cognito]
 *
 * @typedef {import('./session.js').Credentials} Credentials
 */

/** @returns {Promise<Config>} empty where there is none */
export async function loadConfig() {
  try {
    const answer = await fetch('config.json', { cache: 'no-store' });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

/**
 * A development user of the local stack.
 *
 * @param {string} session URL
 * @param {string} user
 * @param {string} room
 * @param {boolean} moderate
 * @param {boolean} withTicket
 * @returns {Credentials}
 */
export function developmentUser(session, user, room, moderate, withTicket) {
  const ask = async () => {
    const answer = await fetch(session, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user, room, moderate }),
    });
    if (!answer.ok) {
      throw new Error(`The local stack gave no token (${answer.status}).`);
    }
    return answer.json();
  };
  /** @type {string | undefined} */
  let token;
  return {
    token: async (fresh) => (token = (fresh ? undefined : token) ?? (await ask()).token),
    ticket: async () => (withTicket ? (await ask()).ticket : undefined),
  };
}

/**
 * What somebody has pasted; nothing fresh can be had of it.
 *
 * @param {string} token
 * @param {string} ticket empty for none
 * @returns {Credentials}
 */
export function pasted(token, ticket) {
  return { token: async () => token, ticket: async () => ticket || undefined };
}

/**
 * A user of a Cognito user pool, signed in by name and password (USER_PASSWORD_AUTH). The password is not kept; the
 * refresh token is, in memory.
 *
 * @param {{region: string, clientId: string, endpoint?: string}} pool
 * @param {string} username
 * @param {string} password
 * @param {string} ticket empty for none
 * @returns {Promise<Credentials>}
 */
export async function cognitoUser(pool, username, password, ticket) {
  const first = await initiateAuth(pool, 'USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD: password });
  let tokens = { access: first.AccessToken, refresh: first.RefreshToken, untilMs: expiry(first) };
  return {
    token: async (fresh) => {
      if (fresh || Date.now() > tokens.untilMs) {
        const next = await initiateAuth(pool, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: tokens.refresh });
        tokens = { access: next.AccessToken, refresh: next.RefreshToken ?? tokens.refresh, untilMs: expiry(next) };
      }
      return tokens.access;
    },
    ticket: async () => ticket || undefined,
  };
}

/** A minute early. */
function expiry(/** @type {{ExpiresIn: number}} */ result) {
  return Date.now() + (result.ExpiresIn - 60) * 1_000;
}

/**
 * @param {{region: string, clientId: string, endpoint?: string}} pool
 * @param {string} flow
 * @param {Record<string, string>} parameters
 */
async function initiateAuth(pool, flow, parameters) {
  const answer = await fetch(pool.endpoint ?? `https://cognito-idp.${pool.region}.amazonaws.com/`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    body: JSON.stringify({ ClientId: pool.clientId, AuthFlow: flow, AuthParameters: parameters }),
  });
  const body = await answer.json().catch(() => ({}));
  if (answer.ok && body.AuthenticationResult) {
    return body.AuthenticationResult;
  }
  const type = String(body.__type ?? '').replace(/^.*#/, '');
  const isFinal = type === 'NotAuthorizedException' || type === 'UserNotFoundException';
  throw new Refusal({
    text: body.ChallengeName
      ? `Cognito asks for ${body.ChallengeName}, which this page cannot answer.`
      : isFinal
        ? flow === 'REFRESH_TOKEN_AUTH'
          ? 'The login has ended: sign in again.'
          : 'Wrong user name or password.'
        : `Cognito refused: ${body.message ?? answer.status}`,
    code: 'sign_in',
    retry: isFinal ? 'stop' : 'later',
  });
}

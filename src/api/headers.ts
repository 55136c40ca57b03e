/** On every answer that is no page of the console: nothing in it may run, load or be framed. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
};

/** Where `external_url` says https: browsers never come back over http. */
export const STRICT_TRANSPORT = 'max-age=31536000';

/**
 * On the console's own files. Scripts, fonts, pictures and connections are ours alone, and no script may stand in a page. Styles may: Mantine,
 * CodeMirror and the lock of scrolling behind a dialog write style elements while they run, each in its own way. A style runs nothing, and with
 * everything that it could load from restricted to ourselves it can tell nobody what it sees; a nonce would buy little more, and would make a
 * new page of `index.html` for each request.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...SECURITY_HEADERS,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), clipboard-read=()',
};

/** Where server components reach the API: set by the API when it starts this server; its own default port otherwise. */
export const apiUrl = (): string => process.env['BERTH_API_URL'] ?? 'http://127.0.0.1:3000'

/** Azure Resource Manager of the public cloud. */
export const ARM = 'https://management.azure.com';

/** The query service of Log Analytics, and for whom a token of it is. */
export const LOG_ANALYTICS = 'https://api.loganalytics.azure.com';
export const LOG_ANALYTICS_SCOPE = 'https://api.loganalytics.io/.default';

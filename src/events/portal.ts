/** Addresses of the Azure portal that "Allow access from Azure portal" adds. Source: how-to-configure-firewall (2026-11). */
export const PORTAL_ADDRESSES: readonly string[] = ['13.88.56.148', '13.91.105.215', '4.210.172.107', '40.91.218.243'];

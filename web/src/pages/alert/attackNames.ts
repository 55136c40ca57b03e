/** Names of ATT&CK v19 as the rules use them, and of ids that vendors published before. An id that is not here is shown as it is. */
export const TACTICS: Readonly<Record<string, string>> = {
  TA0001: 'Initial Access',
  TA0003: 'Persistence',
  TA0004: 'Privilege Escalation',
  TA0005: 'Stealth (Defense Evasion until v18)',
  TA0006: 'Credential Access',
  TA0007: 'Discovery',
  TA0008: 'Lateral Movement',
  TA0009: 'Collection',
  TA0010: 'Exfiltration',
  TA0040: 'Impact',
  TA0043: 'Reconnaissance',
  TA0112: 'Defense Impairment',
};

export const TECHNIQUES: Readonly<Record<string, string>> = {
  T1058: 'Service Registry Permissions Weakness (revoked)',
  'T1078.004': 'Cloud Accounts',
  'T1505.001': 'SQL Stored Procedures',
  T1485: 'Data Destruction',
  T1486: 'Data Encrypted for Impact',
  T1490: 'Inhibit System Recovery',
  T1530: 'Data from Cloud Storage',
  T1537: 'Transfer Data to Cloud Account',
  'T1555.006': 'Cloud Secrets Management Stores',
  T1562: 'Impair Defenses (revoked in v19)',
  'T1562.001': 'Disable or Modify Tools (revoked in v19)',
  T1595: 'Active Scanning',
  T1685: 'Disable or Modify Tools',
  'T1685.002': 'Disable or Modify Cloud Log',
  'T1686.001': 'Cloud Firewall',
};

/** Commercial, merchant and non-interest banks by their three-digit code of the Central Bank of Nigeria: their numbers carry a check digit. */
const clearingBanks = {
  '011': 'First Bank of Nigeria',
  '023': 'Citibank Nigeria',
  '030': 'Heritage Bank',
  '032': 'Union Bank of Nigeria',
  '033': 'United Bank for Africa',
  '035': 'Wema Bank',
  '044': 'Access Bank',
  '050': 'Ecobank Nigeria',
  '057': 'Zenith Bank',
  '058': 'Guaranty Trust Bank',
  '060': 'FBNQuest Merchant Bank',
  '063': 'Access Bank (Diamond)',
  '068': 'Standard Chartered Bank',
  '070': 'Fidelity Bank',
  '076': 'Polaris Bank',
  '082': 'Keystone Bank',
  '100': 'SunTrust Bank',
  '101': 'Providus Bank',
  '102': 'Titan Trust Bank',
  '103': 'Globus Bank',
  '104': 'Parallex Bank',
  '105': 'PremiumTrust Bank',
  '106': 'Signature Bank',
  '107': 'Optimus Bank',
  '214': 'First City Monument Bank',
  '215': 'Unity Bank',
  '221': 'Stanbic IBTC Bank',
  '232': 'Sterling Bank',
  '301': 'Jaiz Bank',
  '302': 'TAJBank',
  '303': 'Lotus Bank',
  '501': 'FSDH Merchant Bank',
  '502': 'Rand Merchant Bank',
  '559': 'Coronation Merchant Bank',
  '561': 'Nova Bank',
} as const;

/** Microfinance and payment service banks and mobile money: longer codes, numbers of ten digits without a check digit of their own. */
const otherBanks = {
  '50211': 'Kuda Microfinance Bank',
  '50515': 'Moniepoint Microfinance Bank',
  '51310': 'Sparkle Microfinance Bank',
  '51318': 'FairMoney Microfinance Bank',
  '090110': 'VFD Microfinance Bank',
  '120001': '9 Payment Service Bank',
  '120002': 'HopePSB',
  '120003': 'MoMo Payment Service Bank',
  '120004': 'SmartCash Payment Service Bank',
  '999991': 'PalmPay',
  '999992': 'OPay',
} as const;

const banks: ReadonlyMap<string, string> = new Map([...Object.entries(clearingBanks), ...Object.entries(otherBanks)]);

/** The name of a bank by its code; null for a code that is not in the list. */
export function bankNameOf(bankCode: string): string | null {
  return banks.get(bankCode) ?? null;
}

/** Codes and names in the order of their names, for forms. */
export const bankList: readonly { code: string; name: string }[] = [...banks]
  .map(([code, name]) => ({ code, name }))
  .sort((one, other) => one.name.localeCompare(other.name, 'en'));

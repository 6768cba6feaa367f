import { bankNameOf } from './banks.ts';

const weights = [3, 7, 3, 3, 7, 3, 3, 7, 3, 3, 7, 3] as const;

/**
 * The check digit of the Nigeria Uniform Bank Account Number: bank code and the nine digits of the serial, weighted 3, 7, 3 and so on;
 * what is missing to the next ten.
 */
export function nubanCheckDigit(bankCode: string, serial: string): number {
  const digits = [...`${bankCode}${serial}`].map(Number);
  const sum = digits.reduce((total, digit, place) => total + digit * (weights[place] ?? 0), 0);
  return (10 - (sum % 10)) % 10;
}

/** Ten digits, at a bank of the list, and for three-digit bank codes with the right check digit (product.md section 7). */
export function isNuban(bankCode: string, accountNumber: string): boolean {
  if (bankNameOf(bankCode) === null || !/^[0-9]{10}$/.test(accountNumber)) return false;
  return bankCode.length !== 3 || nubanCheckDigit(bankCode, accountNumber.slice(0, 9)) === Number(accountNumber.at(9));
}

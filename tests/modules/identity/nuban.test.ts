import { describe, expect, it } from 'vitest';
import { isSameName } from '../../../src/modules/identity/bank-accounts/bank-details.ts';
import { bankList, bankNameOf } from '../../../src/modules/identity/bank-accounts/banks.ts';
import { isNuban, nubanCheckDigit } from '../../../src/modules/identity/bank-accounts/nuban.ts';

describe('NUBAN (product.md section 7)', () => {
  // The worked example of the Central Bank: bank 011, serial 000001457, check digit 9.
  it('has the check digit of the published example', () => {
    expect(nubanCheckDigit('011', '000001457')).toBe(9);
    expect(isNuban('011', '0000014579')).toBe(true);
  });

  it('is one number of ten for each bank and serial', () => {
    for (const { code } of bankList.filter(({ code: given }) => given.length === 3)) {
      for (const serial of ['000000001', '123456789', '999999999', '501234567']) {
        const right = [...'0123456789'].filter((digit) => isNuban(code, `${serial}${digit}`));
        expect(right, `${code} ${serial}`).toEqual([String(nubanCheckDigit(code, serial))]);
      }
    }
  });

  it.each([
    ['9 digits', '058', '012345678'],
    ['11 digits', '058', '01234567890'],
    ['letters', '058', '01234567A9'],
    ['full-width digits', '058', '０１２３４５６７８９'],
    ['nothing', '058', ''],
    ['a bank that is not in the list', '999', '0123456789'],
    ['no bank', '', '0123456789'],
  ])('refuses %s', (_, bank, number) => {
    expect(isNuban(bank, number)).toBe(false);
  });

  it('asks no check digit of banks with longer codes', () => {
    expect([isNuban('50211', '2000000001'), isNuban('999992', '8031234567'), isNuban('50211', '200000000')]).toEqual([true, true, false]);
  });

  it('knows each bank by one code and name', () => {
    expect(new Set(bankList.map(({ code }) => code)).size).toBe(bankList.length);
    expect(new Set(bankList.map(({ name }) => name)).size).toBe(bankList.length);
    expect([bankNameOf('058'), bankNameOf('58')]).toEqual(['Guaranty Trust Bank', null]);
  });
});

describe('whose name an account is in', () => {
  it.each([
    ['Ngozi Bello', 'Ngozi Bello', true],
    ['BELLO, NGOZI ADA', 'Ngozi Bello', true],
    ['NGOZI BELLO', 'Ngozi Ada Bello', true],
    ['Ngọzi Béllo', 'ngozi bello', true],
    ['Ada Bello', 'Ngozi Bello', false],
    ['Adire House Ltd', 'Ngozi', false],
    ['Ngozi Bello', 'Ngozi', null],
    ['Ngozi', 'Ngozi', true],
    ['Anybody', '', null],
  ])('%s against %s', (accountName, name, expected) => {
    expect([isSameName(accountName, name), isSameName(name, accountName)]).toEqual([expected, expected]);
  });
});

"""The words banks use, in many languages: column heads, directions, states, totals, kinds of payment.

One table for all; no bank's name and no bank's own head line decides anything. Words are folded (case, accents) and
the longest phrase wins. Words of up to three letters count only where they are the whole head.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import zip_longest

_ROLES: dict[str, str] = {
    "date": """darijuma datums|operacijas datums|maksajuma datums|datum transakcije|datum promene|datum naloga|datum prometa|data e transaksionit|датум|датум на трансакција|дата транзакції|дата операції|ngay|data operacio|data de l operacio|transaksi tarihi|tarih saat|islem tarihi saat|islem zamani|dags|dagsetning|transaksjonsdag|transaction time|تاريخ المعاملة|วันที่ทำรายการ|วันที่รายการ|dato transaksjon|kande kp|ngay giao dich|ngay gd|fecha de transaccion|fecha transaccion|date|datum|data|fecha|dato|datums|datetime|date time|pvm|paivamaara|paiva|kuupaev|tarih|tanggal|ngay|dia|
        transaction date|trans date|tran date|txn date|date of transaction|operation date|date operation|date de l operation|
        date d operation|fecha operacion|fecha de operacion|f operacion|data operazione|data operacji|data transakcji|
        data transazione|data movimento|data mov|data do movimento|data lancamento|transactiedatum|transaktionsdatum|
        transaktionsdag|kaufdatum|umsatzdatum|date achat|kjopsdato|transaksjonsdato|tranzakcio datuma|
        tranzakcio idopontja|datum transakce|datum transakcie|datum provedeni|datum uskutecneni|data tranzactiei|data tranzactie|
        islem tarihi|transfer date|created|created on|created at|created utc|date created|activity date|effective date|
        дата|дата операции|дата транзакции|дата и час|дата операції|ημερομηνια|ημ νια|ημερομηνια συναλλαγης|
        תאריך|תאריך עסקה|תאריך העסקה|תאריך פעולה|التاريخ|تاريخ|تاريخ العملية|日付|取引日|お取引日|年月日|ご利用日|利用日|取扱日付|
        交易日期|交易时间|交易日|日期|날짜|거래일|거래일자|거래일시|วันที่|purchase date|when|day|datum naloge|datum transakcije|
        darijuma datums|operacijos data|tehingu kuupaev|tapahtumapaiva|dateop|date op|datum operace|uitvoeringsdatum|
        datum verrichting|rentedatum transactie|fecha movimiento|fecha mov|datum obavljanja|data da transacao""",
    "date_booking": """gramatosanas datums|iegramatosanas datums|datum knjizenja|datum evidentiranja|datum obrade|data e regjistrimit|kirjendamise kuupaev|data comptable|帳務日期|入账日|기장일|book date|bookdate|ledger date|fecha de proceso|fecha proceso|data de balancete|data do balancete|bokunardagur|data contabilidade|booking date|posting date|posted date|post date|date posted|posted|posted on|date processed|processed date|
        completed date|date completed|completion date|settled date|settlement date|cleared date|buchungsdatum|buchungstag|buchung|
        date comptable|date de comptabilisation|date d ecriture|fecha contable|data contabile|data contabilizacao|data registrazione|
        data ksiegowania|data zaksiegowania|boekdatum|boekingsdatum|bokforingsdatum|bokforingsdag|bokfort|bogfort|bogforingsdato|
        bokfort dato|bokforingsdato|kirjauspaiva|konyveles datuma|konyvelesi datum|datum zauctovani|datum zuctovani|datum knjizenja|datum obdelave|
        data inregistrarii|дата проводки|дата обработки|дата списания|дата вальоризации|記帳日|记账日期|入账日期|入帳日期|記帳日期|計上日|
        kande kuupaev|iraso data|muhasebe tarihi|data balcao|data lanc|dateval booking|umsatz gebucht""",
    "date_value": """vaxtadags|vaxtadagur|ngay hieu luc|value date|valuta|valutadatum|wertstellung|wertstellungsdatum|valutadato|rentedato|ranteda|rentedatum|date de valeur|
        date valeur|fecha valor|f valor|data valuta|data valore|data valor|data waluty|data value|datum valute|ertek nap|erteknap|dateval|
        valor|arvopaiva|valuutapaev|valor tarihi|дата валютирования|data valutei|起息日|value|interest date|available on|available on utc""",
    "date_other": """started date|start date|due date|due|maturity|period|statement date|billing month|month billed|maksupaiva|
        datum verrekening|belegdatum|charge date|תאריך חיוב|initial date|final date|from|to|expiry|invoice date|date of birth|payment due|
        vencimento|faelligkeit|falligkeit|datum afschrift|uitgavenstaat|last updated|updated|date verrekening""",
    "amount": """summa konta valuta|summa eur|darijuma summa|maksajuma summa|iznos transakcije|iznos u valuti racuna|shuma|износ|сума|сума операції|сума у валюті картки|сума у валюті рахунку|import|import eur|islem tutari|tutar tl|valor da transacao|total|upphaed|fjarhaed|belop i nok|発生金額|مقدار|montante|transaction value|amount|amt|betrag|umsatz|montant|montant de l operation|importe|importo|importe eur|valor|valor em|valor r|quantia|quantidade|bedrag|belopp|belob|
        belop|maara|summa|summe|suma|kwota|kwota operacji|castka|ciastka|objem|iznos|znesek|osszeg|tranzakcio osszege|osszege|tutar|tutari|jumlah|
        so tien|sum|money|transaction amount|billing amount|net|net amount|amount total|total amount|amount in account currency|
        mutatiebedrag|transaktionsbetrag|buchungsbetrag|сумма|сумма операции|сумма пересчитанная в валюту счета|amount in account currency|montant dans la devise du compte|betrag in kontowahrung|importe en moneda de cuenta|сумма в валюте счета|сумма платежа|сума|ποσο|סכום|סכום חיוב|
        סכום עסקה|סכום העסקה|المبلغ|مبلغ|金額|取引金額|ご利用金額|利用金額|金额|交易金额|记账金额|入账金额|发生额|結算金額|支付金额|거래금액|금액|จำนวนเงิน|montant eur|
        importe de la operacion|monto|cantidad|vrijednost|summ|mutatie|amount eur|credit debit amount|debit credit amount|זכות חובה|
        betrag in eur|importo in euro|paid|spent|belopp i sek|valor transacao|bedrag in eur|kwota w walucie rachunku|kwota transakcji|pretium""",
    "debit": """одлив|debi|na teret|teret|duguje|zaduzenje|isplaceno|odliv|debets|izejosie|izdevumi|должи|дугува|видатки|дебіт|витрата|debiti|dalje|dale|carrec|cargos y comisiones|odepisano|odeslano|kifizetes|iesire|iesiri|plati debit|utbetalt|utgaende|panot pois|ulosmaksut|borc tutari|cikan tutar|cekilen|amount charged|charged amount|charge amount|billed amount|amount spent|סכום החיוב|סכום חיוב|סכום לחיוב|funds out|cash out|total out|value out|amount withdrawn|withdrawn amount|debited amount|debited|debit transaction|ghi no|so tien ghi no|phat sinh no|дебит|支払い金額|支払額|提出|轉出|出帳|찾으신 금액|출금금액|찾으신돈|ถอนเงิน|เดบิต|หักบัญชี|בחובה|uttekt|uttektir|isplaceno|utflode|withdraw|withdraws|dr amount|amount dr|amount out|paid out amount|mutasi debet|mutasi debit|المدين|مدين|saida r|debit|debits|debet|debe|debito|debiti|debitos|soll|sortie|sorties|depense|depenses|withdrawal|withdrawals|withdrawn|withdrawal amount|
        money out|paid out|payments out|out|outflow|outgoing|spend|spent amount|charge|charges|payment|payments|expense|expenses|cargo|cargos|gasto|
        salida|salidas|adeudo|addebito|addebiti|uscite|uscita|dare|saida|saidas|af|ut|ud|uit|utgift|utgifter|utbetaling|uttag|ut fra konto|
        belastning|panot ulos|otto|otot|veloitus|wydatki|wydatek|obciazenia|obciazenie|odchozi|vydaje|vydej|terheles|kiadas|rashod|isplata|isplate|
        breme|v breme|cikis|borc|giden|расход|расходы|списание|списания|дебет|видаток|χρεωση|χρεωσεις|חובה|מדין|سحب|出金|出金額|出金金額|お支払金額|お引出し|
        引出額|払戻|支払金額|支出|支出金额|借方|借方发生额|출금|출금액|찾으신금액|ถอน|pengeluaran|keluar|debit amount|amount debit|debit amt|withdrawal amt|charges amount|
        retiro|retiros|egreso|egresos|debits amount|разход|debetas|deebet|plati|dokonane|lastschrift|ausgang|ausgaben|belastung|belastungen|prelevement|an debit""",
    "credit": """прилив|kredi|u korist|korist|potrazuje|odobrenje|uplaceno|priliv|kredits|ienakosie|ienemumi|побарува|кредит рахунку|зарахування|прихід|надходження|kredi|hyrje|hyre|abonament credit|pripsano|prijato|befizetes|intrare|intrari|incasari|innbetalt|inngaende|panot sisaan|sisaanmaksut|alacak tutari|giren tutar|yatan|funds in|cash in|total in|value in|amount deposited|deposited amount|credited amount|credited|credit transaction|ghi co|so tien ghi co|phat sinh co|預かり金額|預り額|預入れ金額|存入|轉入|入帳|맡기신 금액|입금금액|맡기신돈|ฝากเงิน|เครดิต|เข้าบัญชี|בזכות|innlogn|innborgun|innborganir|uplaceno|cr amount|amount cr|amount in|paid in amount|mutasi kredit|الدائن|دائن|entrada r|credit|credits|credito|crediti|creditos|haben|entree|entrees|recette|recettes|deposit|deposits|deposited|deposit amount|
        money in|paid in|payments in|in|inflow|incoming|received|receipts|income|abono|abonos|haber|ingreso|ingresos|entrada|entradas|accredito|
        accrediti|entrate|entrata|avere|bij|inn|ind|insattning|inkomst|inntekt|innskudd|inn pa konto|innbetaling|panot|pano|talletus|hyvitys|wplywy|
        wplyw|uznania|uznanie|prichozi|prijmy|prijem|jovairas|bevetel|prihod|uplata|uplate|dobro|v dobro|giris|alacak|gelen|приход|доход|доходы|поступление|
        поступления|зачисление|зачисления|кредит|надходження|πιστωση|πιστωσεις|זכות|إيداع|入金|入金額|入金金額|お預入れ|お預り金額|預入額|預入|収入|收入|收入金额|
        贷方|贷方发生额|입금|입금액|맡기신금액|ฝาก|pemasukan|masuk|credit amount|amount credit|credit amt|deposit amt|deposito|depositos|kredit|kreditas|kreedit|
        gutschrift|gutschriften|eingang|einnahmen|an credit""",
    "balance": """bal before|balance before|before balance|after balance|saldo antes|saldo despues|beginning bal|start saldo|startsaldo|eind saldo|saldo avant|saldo apres|solde avant|solde apres|gjendja|bal after|balance after transaction|saldo na|saldo voor mutatie|novo stanje|stanje po transakciji|raspolozivo stanje|atlikums pec|konta atlikums|kalans|salldo|состојба|салдо|залишок після операції|saldo posterior|saldo despres|kontojaak|jaak peale tehingut|konto jaak|stada|stada reiknings|bokfort saldo|ledger bal|closing bal|ยอดเงินคงเหลือ|ยอดคงเหลือ|거래후 잔액|남은금액|帳戶餘額|結餘|saldo na trn|saldo contabilistico|bal amt|المتبقي|sold final|sold disponibil|balance|running balance|runningbalance|current balance|account balance|accountbalance|available balance|ledger balance|cash balance|
        closing balance|opening balance|balance after|saldo|kontostand|saldo nach buchung|solde|solde apres operation|bakiye|sold|
        zustatek|zostatek|stanje|egyenleg|konyvelt egyenleg|likutis|jaak|atlikums|saldo po operacji|saldo final|saldo disponible|saldo contabile|disponibile|
        остаток|остаток на счете|баланс|залишок|салдо|υπολοιπο|יתרה|الرصيد|رصيد|残高|差引残高|お預り残高|余额|餘額|结余|本次余额|联机余额|账户余额|잔액|거래후잔액|คงเหลือ|
        initial balance|final balance|saldo dopo|indestaende|saldo efter|bal|tili saldo|available|saldo po transakcji|balanta|so du""",
    "fee": """fee|fees|amount fee|fee amount|fees amount|transaction fee|service fee|gebuhrenbetrag|betrag gebuhr|montant des frais|montant frais|importe comision|importo commissione|valor taxa|taxa|kwota prowizji|charge fee|commission|commissione|comision|gebuhr|gebuhren|kosten|kosten op verrichting|frais|provision|prowizja|poplatek|
        комиссия|手数料|手续费|total fees|tax|sales tax|vat|mwst|iva|tva|tip|shipping|shipping and handling amount|insurance amount|handling|discount|
        cashback|cash back|rabat|rabatt|bonus|points|interest|zinsen|conversion charge|conversioncharge|auslagenersatz|price|unit price|prix|quantity|qty|shares|units|stuck|
        split amount|splitamount|foreign amount|foreigncurrencyamount|foreign currency amount|reward|rewards|auslagenersatz rucklastschrift""",
    "original": """native amount|to amount|currency amount|amount in currency|valutas summa|summa darijuma valuta|summa maksajuma valuta|iznos u stranoj valuti|iznos u originalnoj valuti|сума у валюті операції|tutar doviz|doviz tutari|belop i valuta|belob i valuta|suma in valuta originala|originalna valuta iznos|utlandsk belop|subtotal|sub total|original amount|originalbetrag|ursprungsbetrag|lastschrift ursprungsbetrag|ursprunglicher betrag|betrag fremdwahrung|fremdwahrung|
        fremdwahrungsbetrag|montant d origine|montant en devise|importe original|importo originale|importo in valuta|local amount|amount in foreign currency|
        amount local|source amount|target amount|transaction currency amount|kwota oryginalna|сумма в валюте операции|сумма в валюте|valor em us|valor us|
        gross|gross amount|brutto|brutto betrag|original value|amount details|oorspronkelijk bedrag|bedrag vreemde valuta|alkuperainen summa|valutabelop|belopp i utlandsk valuta|
        reserved|blocked|blokkert|limit|exchange amount|海外金額|原始金额|현지금액|credit limit""",
    "rate": """rate|exchange rate|fx rate|wechselkurs|kurs|koers|cours|taux|taux de change|tipo de cambio|cambio|cambio do dia|tasso di cambio|arfolyam|
        kurz|wisselkoers|курс|為替レート|汇率|환율|cotacao|cotacao em|vaihtokurssi|percent|procent""",
    "id": """dok nr|dokumenta nr|transakcijas kods|transakcijas numurs|referenca|broj transakcije|referenca placanja|номер документу|islem no|dekont no|fis no|referans no|id|transaction id|transactionid|txn id|reference id|ref id|reference number|ref no|transaction number|transaction no|
        transaction reference|transfer reference|transactienummer|volgnummer|numero|number|check|check number|checknumber|check no|cheque|
        cheque number|check or slip|nummer|nr|no|lp|seq|sequence|serial|sr no|wallet txn id|record id|receipt id|item id|invoice id|
        branch|branch code|bank code|filiale|bankleitzahl|blz|card|card no|card number|card last four digits|final cartao|kortnummer|kartennummer|
        account number|account no|konto nr|kontonummer|kontonr|rekeningnummer|numero de compte|numero conto|bic|swift|mcc|zip|plz|postcode|
        n de transaction|end to end|mandatsreferenz|mandate|umsatz nr|archivierungsnummer|entry reference|番号|日志号|流水号|交易流水号|序号|
        交易单号|商户单号|승인번호|номер|номер документа|referenznummer|zkb reference|auszugsnummer|afschriftnummer|omzetnummer|
        row type|unique id|confirmation|accountnum|code|time|uhrzeit|heure|hora|ora|交易时刻|time zone|umsatzzeit|year|month|week""",
    "direction": """debets kredits|duguje potrazuje|smer|strana|vrsta prometa|d k|t j|дебіт кредит|дебет кредит|должи побарува|islem yonu|virziens|προσημο|προσημο ποσου|χρεωση πιστωση|signe|signo|segno|znak|vorzeichen|tegn|plus minus|debit credit indicator|dr or cr|crdr|drcr|借貸|借貸區分|收付別|ประเภทรายการ|direction|debit credit|credit debit|creditdebet|creditdebit|debit or credit|dr cr|cr dr|d k|d c|c d|s h|soll haben|debet credit|debet kredit|
        credit debit indicator|af bij|sens|type of transaction|transaction type|transactiontype|entry type|income expense|bevetel kiadas|
        betalningstyp|入出金|入払区分|収支|借贷|借贷标志|收支|收付|收支类型|交易类型|取引区分|입출금|deebet kreedit|debetas kreditas|d k zyme|type|art|sign|+|indicator|
        tipo|typ|cargo abono|dare avere|дебет кредит|приход расход|umsatzart|dc|incoming outgoing|in out|inflow outflow|fluxo|תנועה""",
    "currency": """konta valuta|valuta racuna|валута|monedha|hesap para birimi|doviz cinsi|gjaldmidill|mynt|幣種|สกุลเงิน|loai tien|currency|ccy|cur|curr|currency code|wahrung|waehrung|devise|devises|divisa|moneda|moeda|moeda transacao|valuta rekening|munt|munteenheid|
        valuutta|valuta|valutakod|waluta|mena|deviza|devizanem|tranzakcio devizaneme|para birimi|валюта|валюта операции|валюта счета|νομισμα|מטבע|
        מטבע חיוב|العملة|通貨|币种|货币|幣別|币别|记账币种|交易币种|交易货币|入账货币|통화|valiuta|valuta conto|monn|billing currency|balance currency|mata uang|
        waluta rachunku|valutacode|mat nt|devies|curency|valiutos kodas|account currency|currency account""",
    "status": """status|state|transaction status|zustand|etat|estado|stato|tila|statut|stav|allapot|durum|статус|состояние|状态|当前状态|交易状态|ステータス|
        상태|umsatz abgerechnet|abgerechnet|cleared|tilstand|konyvelesi allapot|statusas""",
    "payee": """maksataja vai sanemeja nosaukums|maksatajs sanemejs|sanemeja nosaukums|partneris|partnera nosaukums|primalac platilac|primalac|platilac|nalogodavac|naziv primaoca|naziv partnera|uplatilac primalac|контрагент отримувач|одержувач|платник|получатель плательщик|изпълнител|наредител получател|dergues marres|emer|nom|destinatari|karsi taraf|alici gonderen|gonderen|mottaker avsender|avsender|vastapuoli|nazev protiuctu|protistrana|partner numele|nume partener|beneficiar ordonator|vidtakandi|mottakari|対象者|お支払先|收款人|往來對象|beneficiary name|sender name|payer|payee|payee name|merchant|merchant name|counterparty|counterparty name|partner|partner name|partner neve|beneficiary|beneficiary payer|recipient|
        name|payer name|other party|op name|empfanger|zahlungsempfanger|zahlungsempfanger in|auftraggeber empfanger|
        beguenstigter zahlungspflichtiger|beguenstigter|begunstigter|name zahlungsbeteiligter|zahlungsbeteiligter|beneficiaire|destinataire|tiers|contrepartie|beneficiario|
        destinatario|ordinante|nome|concepto beneficiario|naam|naam tegenpartij|naam tegenpartij bevat|tegenpartij|tegenrekeninghouder|naam omschrijving|handelaar|mottaker|mottagare|modtager|saaja|
        saaja maksaja|odbiorca|nadawca odbiorca|nadawca|kontrahent|nazwa odbiorcy|prijemce|nazev protistrany|nazev protiuctu|kedvezmenyezett|partner nev|alici|
        получатель|контрагент|кореспондент|отправитель|δικαιουχος|שם בית העסק|שם בית עסק|בית עסק|取引先|お取引先|利用店名|ご利用店名|商户名称|对方户名|对方账户名|对手信息|交易对方|
        商家|받는분|가맹점명|가맹점|거래처|gavejas|saaja maksja|maksetaja|primatelj|prejemnik|establecimiento|comercio|estabelecimento|to|shop|store|sender|who|beneficjent|titular|empresa|
        beneficiar|platitor beneficiar|saņēmējs|sanemejs""",
    "description": """maksajuma merkis|maksajuma detalas|informacija sanemejam|opis transakcije|svrha placanja|svrha uplate|svrha doznake|опис|опис операції|цел на дознака|pershkrimi|pershkrim|concepte|descripcio|moviment|islem aciklamasi|islem tipi aciklama|tapahtuman kuvaus|maksun tiedot|skyring|texti|tilvisun|說明|資料內容|รายละเอียด|คำอธิบาย|מהות|mo ta|dien giai|diengiai|descritivo|lysing|description|desc|details|detail|detail de l ecriture|transaction|transaction description|transaction details|memo|narrative|narration|particulars|remarks|
        remark|reference|payment reference|payment purpose|purpose|message|booking text|text|verwendungszweck|buchungstext|umsatztext|umsatzbeschreibung|beschreibung|
        buchungsinformationen|zweck|vorgang|libelle|libelle de l operation|libelle operation|description 1|description 2|description 3|communication|motif|objet|concepto|
        descripcion|observaciones|detalle|movimiento|descrizione|causale|descrizione operazione|descrizione estesa|descricao|historico|lancamento|descritivo|omschrijving|mededeling|mededelingen|
        vrije mededeling|beskrivelse|tekst|meddelande|transaktion|viesti|selite|tapahtuma|opis|opis operacji|opis transakcji|tytul|tytul operacji|tytulem|popis|zprava|
        zprava pro prijemce|poznamka|ucel platby|svrha|namen|kozlemeny|megjegyzes|leiras|aciklama|keterangan|noi dung|aprasymas|paaiskinimai|selgitus|makse selgitus|makstajuma merkis|
        описание|описание операции|назначение платежа|назначение|содержание|основание|детали операции|категория описание|призначення платежу|αιτιολογια|περιγραφη|תיאור|פירוט|תיאור פעולה|
        הערות פירוט|الوصف|البيان|摘要|内容|お取引内容|取引内容|適用|交易摘要|交易描述|商品|附言|交易附言|备注|备注信息|说明|적요|내용|거래내용|รายการ|item title|narrativa|subject|label|
        uberweisungszweck|detalii|detalii tranzactie|descriere|explicatii|comentario|activity|omschrijving transactie|full description|original description|extended description|nazov|
        vwz|bericht|detail van de omzet|rubriek|uraian|deskripsi|zaznam""",
    "note": """muistiinpano|備註|note|notes|comment|comments|user note|my note|notiz|kommentar|commentaire|nota|notas|opmerking|anteckning|uwagi|заметка|メモ|ملاحظات|הערות""",
    "category": """category|categories|kategorie|categorie|category group|categoria|kategoria|kategori|catégorie|категория|カテゴリ|分类|카테고리|subcategory|sub category|
        category parent|categoryparent|budgetgrupp|class|category name|luokka|kategorija""",
    "account": """racun|broj racuna|konta nr|konts|konta numurs|рахунок|сметка|llogaria|compte corrent|hesap no|hesap numarasi|account|account name|accountname|konto|kontoname|compte|cuenta|conto|conta|rekening|naam van de rekening|tili|szamlaszam|szamla neve|hesap|счет|номер счета|
        口座|账户|账号|계좌|wallet|account label|accountlabel|client account|auftragskonto|iban auftragskonto|bezeichnung auftragskonto|client account no|accountid|account id|saskaitos nr|
        kontonummer eigen|product|produit|compte personnel|eigenes konto""",
    "counter_account": """counterparty account|account of counterparty|partner account|beneficiary account|op bank account number|rekening tegenpartij|tegenrekening|
        tegenrekeningnummer|rekeningnummer tegenpartij|iban tegenpartij|compte contrepartie|partner iban|iban zahlungsbeteiligter|kontonummer iban|kontonummer bic|gegenkonto|partner szamlaszama|
        konto odbiorcy|rachunek odbiorcy|rachunek kontrahenta|protiucet|cislo protiuctu|til konto|fra konto|tilinumero|对方账号|对方卡号|payee account number|counter account|to account|from account|
        对方账户|iban beneficiario|cuenta destino|number of counter account|to iban""",
}

# Compounds of Germanic languages, whose last part says what they are: Reskontradatum, Fakturabelopp, Buchungsbetrag.
_TAILS = (
    ("datum", "date"),
    ("dato", "date"),
    ("paiva", "date"),
    ("betrag", "amount"),
    ("belopp", "amount"),
    ("belop", "amount"),
    ("belob", "amount"),
    ("bedrag", "amount"),
    ("saldo", "balance"),
    ("kontostand", "balance"),
)
_UMLAUTS = re.compile("([aou])e")
_KANA = re.compile("[\u3041-\u309f]")
_WORDS = re.compile(r"[^\W_]+|\+", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CODES = frozenset(
    "eur usd gbp chf sek nok dkk pln czk huf ron bgn hrk cad aud nzd jpy cny rmb hkd sgd inr idr zar brl mxn ils try rub uah krw thb kr zl rs lkr bdt npr myr php vnd aed sar kwd bhd".split()
)
_IN = frozenset(("in", "en", "i", "em"))
# "Amount (after fees)" is an amount: which of two it is, and no fee.
_OF_FEES = re.compile(
    r"\b(?:before|after|less|net of|excl|excluding|exclusive of|without|incl|including|inclusive of|with|nach|vor|ohne|inkl|abzgl|abzuglich|zzgl|"
    r"apres|avant|hors|sans|despues de|antes de|sin|con|dopo|prima di|al netto di|senza|na aftrek van|voor aftrek van|zonder|efter|fore|po|bez|przed|z) "
    r"(?:the |of |les |las |delle |de |aller |allen )*(?:fees?|charges?|commissions?|gebuhr(?:en)?|frais|comision(?:es)?|commissioni?|spese|kosten|provision(?:en)?|"
    r"prowizj[ia]|oplat|poplatk[uy]|avgifter|gebyrer|tax(?:es)?|vat|tva|iva|mwst|btw|taxas?)\b"
)
_SPECIAL = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    lowered = text.casefold().translate(_SPECIAL)
    if lowered.isascii():
        return lowered
    parts = unicodedata.normalize("NFKD", lowered)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c) or "\u3099" <= c <= "\u309a"))


def _spelling(text: str) -> str:
    """Return folded text with umlauts that are written as two letters made one: empfaenger is empfanger."""
    return _UMLAUTS.sub(r"\1", text)


def _no_spaces(text: str) -> bool:
    """Say whether this script runs words together, so that a phrase is looked for inside the head."""
    return any("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in text)


def _table() -> tuple[dict[tuple[str, ...], set[str]], list[tuple[str, str]]]:
    spaced: dict[tuple[str, ...], set[str]] = {}
    joined: list[tuple[str, str]] = []
    for role, phrases in _ROLES.items():
        for phrase in phrases.replace("\n", " ").split("|"):
            words = tuple(_WORDS.findall(_spelling(fold(phrase))))
            if not words:
                continue
            if _no_spaces(phrase):
                joined.append(("".join(words), role))
                # Okurigana are written or left out at will: 支払い金額 is 支払金額.
                if (bare := _KANA.sub("", joined[-1][0])) != joined[-1][0] and len(bare) > 2:
                    joined.append((bare, role))
            else:
                spaced.setdefault(words, set()).add(role)
    joined.sort(key=lambda item: -len(item[0]))
    return spaced, joined


_SPACED, _JOINED = _table()
_LONGEST = max(len(words) for words in _SPACED)


@lru_cache(maxsize=20_000)
def head_roles(cell: str) -> dict[str, int]:
    """Return the roles a column head names, each with the length of the phrase that says so."""
    if not cell or len(cell) > 120:
        return {}
    # German and Dutch pages write genders with a star: Zahlungsempfänger*in.
    plainly = " ".join(_WORDS.findall(_spelling(fold(_CAMEL.sub(" ", cell).replace("*", " ")))))
    words = [w for w in (_OF_FEES.sub(" ", plainly).split() or plainly.split()) if not w.isdigit()]
    # "Amount in Rs" is an amount and not money in.
    told = [w for w, after in zip_longest(words, words[1:], fillvalue="") if not (w in _IN and after in _CODES)]
    bare = tuple(w for w in told if w not in _CODES) or tuple(words)
    found = _phrase_roles(bare)
    glued = _spelling(fold(cell).replace(" ", ""))
    if _no_spaces(glued):
        plain = _KANA.sub("", glued)
        for phrase_text, role in _JOINED:
            if phrase_text in glued or phrase_text in plain:
                found[role] = max(found.get(role, 0), 3 * len(phrase_text) + (2 if phrase_text in (glued, plain) else 0))
    return found


def _phrase_roles(bare: tuple[str, ...]) -> dict[str, int]:
    """Return the roles that phrases of a head's words name, or else the ends of its words."""
    found: dict[str, int] = {}
    for size in range(min(_LONGEST, len(bare)), 0, -1):
        for start in range(len(bare) - size + 1):
            phrase = bare[start : start + size]
            length = sum(map(len, phrase)) + size - 1
            if length <= 3 and size < len(bare):
                continue
            for role in _SPACED.get(phrase, ()):
                whole = 2 if size == len(bare) else 0
                found[role] = max(found.get(role, 0), length + whole)
    if not found:
        for tail, role in _TAILS:
            if any(len(word) > len(tail) + 1 and word.endswith(tail) for word in bare):
                found[role] = len(tail)
    return found


def header_hits(cells: list[str]) -> int:
    """Return how many different roles a line of heads names."""
    return len({max(roles, key=lambda r: roles[r]) for cell in cells[:60] if (roles := head_roles(cell.strip(" \"'\t")))})


def _set(text: str) -> frozenset[str]:
    return frozenset(fold(word.strip()) for word in text.replace("\n", " ").split("|"))


DEBIT_WORDS = (
    _set("""d|dr|dt|db|dbit|debit|debet|debito|soll|s|af|ut|ud|uit|out|outflow|outgoing|expense|expenses|withdrawal|payment|paid|spent|sent|money out|charge|purchase|
    -|cargo|gasto|debe|dare|addebito|uscita|saida|despesa|lastschrift|belastung|ausgabe|ausgang|wydatek|obciazenie|vydaj|kiadas|terheles|gider|borc|расход|списание|дебет|дт|
    支出|借|借 dr|借方|出|出金|支払|付|지출|출금|חובה|debet d|c/d|n|keluar|pengeluaran|deb|kulu|otto|utgift|sortie|depense|χ|χρεωση|ghi no|uttekt""")
    - {"n", "c/d"}
)
CREDIT_WORDS = _set("""c|cr|crdt|ct|kt|credit|k|kredit|credito|haben|h|bij|in|inn|ind|inflow|incoming|income|deposit|received|money in|refund|+|abono|ingreso|haber|avere|accredito|entrata|
    entrada|receita|gutschrift|einnahme|eingang|wplyw|uznanie|prijem|bevetel|jovairas|gelir|alacak|доход|приход|поступление|зачисление|кредит|кт|收入|贷|贷 cr|貸|贷方|入|入金|
    受取|收|수입|입금|זכות|masuk|pemasukan|kred|tulo|pano|inkomst|entree|recette|db credit|π|πιστωση|ghi co|innlogn""") - {"db credit"}
# Heads of one's own account in the files of some banks, and of the other side's in those of others: the column's cells tell.
EITHER_ACCOUNT = _set("""account number|account no|acct number|acct no|acct|accountnum|a c no|iban|konto nr|kontonummer|kontonr|rekeningnummer|numero de compte|numero conto|
    numero de cuenta|numero da conta|n conto|no compte|nr rachunku|numer rachunku|numer konta|cislo uctu|hesap numarasi""")
# Heads of what is charged for a row, in its own currency: whether it is part of the amount, only balances or people can say.
FEE_HEADS = _set("""fee|fees|fee amount|total fee|total fees|transaction fee|transaction fees|service fee|fee charged|fees charged|source fee amount|gebuhr|gebuhren|gebuhrenbetrag|commission|commissions|
    commissione|commissioni|comision|comisiones|frais|provision|provisionen|prowizja|poplatek|poplatky|комиссия|комісія|手数料|手续费|手續費|수수료|taxa|tarifa|komisyon|masraf|avgift|gebyr|kosten|spese""")
# Words that name a kind of movement rather than a side of the book: no evidence against a sign that is written.
LOOSE_DIRECTIONS = _set("charge|payment|refund|sent|purchase|spent|paid|deposit|withdrawal|received|transfer|in|out|n")
NEUTRAL_WORDS = _set("/|neutral|transfer|不计收支|中性交易|-/-")
PENDING_WORDS = _set("""pending|pend|processing|in progress|authorised|authorized|authorisation|uncleared pending|vorgemerkt|umsatz vorgemerkt|ausstehend|in bearbeitung|en attente|en cours|
    pendiente|in attesa|pendente|in behandeling|gereserveerd|reservert|reserverad|reserverat|reserveret|varaus|katevaraus|oczekujace|ceka|fuggoben|beklemede|в обработке|в ожидании|処理中|待处理|未入账|
    autorizzato|non contabilizzato|venter|venter pa|vantar|ej bokford|preliminar|offen|noch nicht gebucht|nicht gebucht|a contabilizar|retenido|por confirmar|avvaktar|odota|odottaa|
    ke zpracovani|w trakcie|w realizacji|autoryzacja|pending transaction|pending transactions|pending charges|vorgemerkte umsatze|vorgemerkte buchungen|not posted|unposted|not yet posted|
    authorization|temporary hold|operations en cours|operations a venir|reserved|blocked|保留中|未確定|처리중|대기|nyitott|foglalt|hold|on hold|scheduled|upcoming""")
FAILED_WORDS = _set("""reverted|aborted|bounced|timed out|timeout|nicht ausgefuhrt|zuruckgewiesen|annullata|annulee|cancelada|rechazada|rejete|refusee|afvist|annulleret|makulerad|
    failed|failure|declined|rejected|not approved|denied|cancelled|canceled|expired|voided|void|unsuccessful|returned unpaid|abgelehnt|storniert|fehlgeschlagen|refuse|
    annule|echoue|rechazado|cancelado|anulado|fallido|rifiutato|annullato|recusado|geweigerd|geannuleerd|mislukt|avvist|avbruten|nekad|hylatty|peruttu|odrzucone|anulowane|odrzucona|
    zamitnuto|elutasitva|sikertelen|reddedildi|iptal|отклонено|отменено|отклонен|ошибка|失敗|取消|已关闭|交易关闭|支付失败|失败|reversed declined""")
SUMMARY_WORDS = _set("""pocetno stanje|novo stanje|prethodno stanje|krajnje stanje|ukupan promet|ukupno|promet|sveukupno|sakuma atlikums|beigu atlikums|apgrozijums kopa|kopa|почетна состојба|крајна состојба|вкупно|усього|разом|залишок на початок|залишок на кінець|saldo inicial del periode|gjithsej|acilis bakiyesi|kapanis bakiyesi|opening balance|closing balance|open balance|close balance|balance open|balance close|start balance|end balance|balance brought forward|balance carried forward|brought forward|carried forward|starting balance|ending balance|beginning balance|
    total|totals|subtotal|sub total|grand total|total credits|total debits|turnover|net movement|anfangssaldo|endsaldo|anfangsbestand|endbestand|schlusssaldo|saldo|kontostand|summe|gesamt|
    gesamtsumme|umsatzsumme|alter kontostand|neuer kontostand|solde|solde initial|solde final|ancien solde|nouveau solde|total general|saldo inicial|saldo final|saldo anterior|saldo iniziale|
    saldo finale|saldo contabile|saldo do dia|beginsaldo|eindsaldo|totaal|ingaende saldo|utgaende saldo|inngaende saldo|utgaende balanse|alkusaldo|loppusaldo|yhteensa|saldo poczatkowe|
    saldo koncowe|suma|razem|pocatecni zustatek|konecny zustatek|nyito egyenleg|zaro egyenleg|osszesen|toplam|likutis pradziai|likutis pabaigai|likutis|apyvarta|algsaldo|loppsaldo|kaive|
    apgrozijums|sakuma atlikums|beigu atlikums|входящий остаток|исходящий остаток|итого|всего|оборот|обороты|期初余额|期末余额|合计|总计|合計|小計|前月繰越|次月繰越|繰越|합계|総計|
    s a l d o|saldo del dia|saldo do periodo|saldo disponivel|saldo disponible|saldo bloqueado|saldo contabilistico|balance c f|balance b f|balance bf|balance cf|b f|c f|opening bal|closing bal|
    previous balance|new balance|statement balance|current balance|ending bal|starting bal|solde precedent|solde anterieur|ubertrag saldo|anfangsstand|endstand|zwischensumme|fyrri stada|
    bakiye|devir|devreden bakiye|υπολοιπο|συνολο|συνολα|היתרה|יתרת פתיחה|יתרת סגירה|סהכ|סה כ|סה"כ|الرصيد الافتتاحي|الرصيد الختامي|الإجمالي|ยอดยกมา|ยอดยกไป|รวม|so du dau ky|so du cuoi ky|tong cong|cong|
    이월|전월이월|承前餘額|期初餘額|期末餘額|總計|前頁餘額|saldo awal|saldo akhir|mutasi debet|mutasi kredit|mutasi cr|mutasi db|debits|credits|debit total|credit total|totale|totali|saldo actual|balance""")
PAYMENT_WORDS = re.compile(
    r"(?i)\b(payment|thank you|autopay|refund|reversal|paiement|remboursement|zahlung|gutschrift|erstattung|pago|abono|devoluci|pagamento|rimborso|estorno|betaling|"
    r"terugbetaling|innbetaling|inbetalning|suoritus|splata|wplata|zwrot|uhrada|payment received)|還款|还款|退款|返金|ご入金|還元|환불|결제대금|возврат|погашение"
)

# What stands on a card's statement with the other sign: payments to it, returns, rewards.
CARD_CREDIT_WORDS = re.compile(
    r"(?i)\b(thank you|merci|gracias|obrigad[oa]|su pago|pagamento recebido|ihre zahlung|zahlung erhalten|betaling ontvangen|inbetalning|autopay|payment received|received payment|storno|returns?|returned|refund|reversal|redemption|cash ?back|credit voucher|(?:statement|offer|promo|rewards?|courtesy) credit|credit adjustment|remboursement|avoir|"
    r"gutschrift|erstattung|rimborso|devoluci\w*|reembolso|estorno|terugbetaling|retur|palautus|zwrot)\b|\u8fd4\u54c1|\u8fd4\u91d1|\u9000\u6b3e|\u9084\u6b3e|\u8fd8\u6b3e|\ud658\ubd88|\u05d6\u05d9\u05db\u05d5\u05d9"
)
# That a file is a card's.
CARD_WORDS = re.compile(
    r"(?i)\u5229\u7528(?:\u65e5|\u5e97|\u91d1\u984d|\u8005)|\u52a0\u76df\u5e97|\uac00\ub9f9\uc810|\uc774\uc6a9\uc77c|\bcardmember\b|\bcards?\b|\bcarte?\b|\bcarta\b|tarjeta|cart[a\u00e3]o|\bkort\b|kreditk|creditk|luottokort|\bkart[ay]\b|\u30ab\u30fc\u30c9|\u4fe1\u7528\u5361|\uce74\ub4dc|\u05db\u05e8\u05d8\u05d9\u05e1|\d[*xX\u2022.]{4,}\d{3,4}|^[*xX\u2022]{3,}\d{4}$"
)
CARD_NUMBER = re.compile(r"[\d*xX\u2022. -]*[*xX\u2022]{3,}[\d*xX\u2022. -]*\d{3,4}|\d{4}[ -]?\d{2}[*xX\u2022]{2,}.*")
# Words of money that comes in, whoever writes them.
INCOME_WORDS = re.compile(
    r"(?i)\b(salary|payroll|wages|paycheck|direct dep|gehalt|lohn|bezuege|salaire|nomina|stipendio|salario|sueldo|salaris|loenn?|lon|palkka|wynagrodzenie|mzda|vyplata|"
    r"fizetes|munkaber|salariu|maas|dividend|interest paid|interest earned|pension)\b|\u0437\u0430\u0440\u043f\u043b\u0430\u0442|\u5de5\u8d44|\u85aa\u8d44|\u7d66\u4e0e|\u7d66\u6599|\uae09\uc5ec|\u5de5\u8cc7"
)

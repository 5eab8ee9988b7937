"""What common payees and words are: in many languages, from brands that are the same everywhere to the word for chemist.

A concept is finer than a category, so that a book can learn where *it* puts coffee. Words are folded (case, accents).
`word*` stands for all that begins with it and `*word` for all that ends with it, as compounds do.
"""

from __future__ import annotations

# concept: (the preset category it belongs to, "" for none; words and phrases, the longest wins).
CONCEPTS: dict[str, tuple[str, str]] = {
    "groceries": (
        "Groceries",
        """supermarket*|supermarch*|supermercado*|supermercat*|supermercato*|supermarkt*|hypermarket*|hipermercado|grocery|groceries|grocer|greengrocer|food market|farmers market|organic food|
        lebensmittel|lebensmittelmarkt|backerei*|baecker*|backer|bakery|boulangerie*|panaderia|panificio|padaria|piekarnia|bakkerij|bageri|konditori|butcher|metzgerei*|boucherie*|carniceria|macelleria|
        epicerie|fruteria|wochenmarkt|alimentari|mercadona|carrefour*|auchan*|leclerc|intermarche*|monoprix|franprix|super u|hyper u|casino supermarche*|picard|biocoop|naturalia|aldi*|lidl*|rewe*|edeka*|
        netto*|penny markt|penny*|kaufland*|tegut|denns|alnatura|globus|migros*|coop*|denner|spar*|eurospar|billa*|hofer|merkur|tesco*|sainsbury*|sainsburys*|asda*|morrisons*|waitrose*|ocado*|iceland foods|
        m s food*|marks spencer food*|co op|coop food|centra|supervalu|dunnes|londis|budgens|albert heijn|ah to go|jumbo|plus supermarkt|dirk|colruyt*|delhaize*|okay|cora|ica*|hemkop|willys|coop extra|rema 1000|
        kiwi*|meny|joker|bunnpris|fotex|bilka|irma|k market|k citymarket|k supermarket|s market|prisma|alepa|sale|biedronka*|zabka*|stokrotka|dino|lewiatan|freshmarket|albert|tesco stores|penny market|
        kaufland|cba|reál|profi|mega image|konzum|mercator|maxima|iki|rimi*|selver|esselunga|conad*|pam|eurospin|despar|bennet|iper|crai|famila|dia|eroski|alcampo|hipercor|consum|bonpreu|condis|pingo doce|
        continente*|minipreco|intermarche|walmart*|wal mart|wm supercenter|walmart supercenter|kroger*|safeway*|publix*|whole foods*|wholefoods*|wholefds*|trader joe*|wegmans*|h e b|heb|albertsons*|vons|ralphs|raleys*|
        raley s|food lion|giant food*|giant eagle|stop shop|shoprite|winn dixie|piggly wiggly|meijer*|hy vee|sprouts*|wild oats*|aldi stores|winco*|save mart|smart final|costco*|sams club|samsclub|bjs wholesale|instacart*|
        freshdirect|loblaws|no frills|sobeys*|metro inc|provigo|real canadian|superstore|save on foods|woolworths*|coles*|iga|countdown|pak n save|new world|foodland|pick n pay|checkers|shoprite checkers|soriana|chedraui|oxxo|
        bodega aurrera|pao de acucar|extra hiper|assai|atacadao|jumbo cencosud|tottus|big bazaar|dmart|bigbasket|reliance fresh|more supermarket|fairprice|cold storage|giant hypermarket|park n shop|wellcome|7 eleven|seven eleven|
        7eleven|familymart|family mart|lawson|aeon|ito yokado|seiyu|セブン*|ファミリーマート|ローソン|イオン|スーパー*|超市|盒马|永辉|마트|이마트|홈플러스|롯데마트|פיצוחי|שופרסל*|רמי לוי*|סופר*|ויקטורי|סופרמרקט|лента|ашан|
        магнит|пятерочка|перекресток|дикси|вкусвилл|продукты|супермаркет|σουπερ μαρκετ|μασουτης|σκλαβενιτης|bim|a101|sok market|carrefoursa|migros ticaret|kos mb|maxi|idea|lidl dienstleistung|hellofresh|gousto|picnic|
        gorillas|flink|getir|rohlik|kosik|market|bazaar|deli|delikatessen|convenience|convenience store|ntuc|big c|lotus|indomaret|alfamart|mydin|dollar general|family dollar|kirana""",
    ),
    "restaurant": (
        "Eating out",
        """restaurant*|ristorante*|restaurante*|restauracja|restaurace|ravintola|ravintol*|etterem|restoran*|ресторан|εστιατοριο|מסעדה|מסעדת|レストラン|餐厅|餐馆|饭店|식당|trattoria|osteria|pizzeria*|pizza*|pizzer*|bistro*|brasserie|
        gasthaus|gasthof|wirtshaus|brauhaus|imbiss|kebab*|kebap*|doner*|doener*|sushi*|ramen|noodle*|pho|thai kitchen|curry*|taqueria|tapas|cantina|kantine*|mensa|diner|grill|steakhouse|burger*|bbq|buffet|tavern*|taverna*|
        gastropub|gastro*|pub|bar|brewery|brewing|taproom|weinbar|cocktail*|gelateria*|gelato|ice cream|creamery|eisdiele|eiscafe|cremerie|snack*|food truck|catering|lunch|dinner|wagamama|nandos*|nando s|vapiano|leon|
        pizza express|pizzaexpress|zizzi|olive garden|applebees|applebee s|chilis|ihop|dennys|denny s|cheesecake factory|outback*|texas roadhouse|red lobster|cracker barrel|panda express|piada|banh mi|hans im gluck|l osteria|
        block house|hippopotamus|buffalo grill|居酒屋|すし*|寿司|吉野家|すき家|松屋|ガスト|サイゼリヤ|美团*|饿了么|海底捞|배달의민족|요기요|кафе|столовая|chipotle*|qdoba*|culvers*|aunt*annes|aunt*anne s|cinnabon|raising cane*|sbarro*""",
    ),
    "coffee": (
        "Eating out",
        """coffee*|cafe*|caffe*|kaffee*|kaffe*|kahvila|kawiarnia|kavarna|kavehaz|cafeteria|espresso*|roasters|roastery|tea house|boba|bubble tea|starbucks*|costa|costa coffee|caffe nero|pret|pret a manger|greggs|tim hortons|
        dunkin*|peets*|peet s|insomnia coffee|einstein kaffee|balzac|coffee fellows|espresso house|waynes coffee|juan valdez|blank street|スターバックス*|ドトール*|タリーズ*|星巴克*|瑞幸*|luckin*|스타벅스*|이디야|투썸*|ארומה*|
        קפה*|кофе*|шоколадница|java""",
    ),
    "fastfood": (
        "Eating out",
        """mcdonald*|mc donald*|mcd|burger king*|bk|kfc*|subway*|wendys*|wendy s|taco bell*|tacobell|five guys|shake shack|in n out|chick fil a|popeyes*|arbys|arby s|sonic drive*|dairy queen*|jack in the box|carls jr|whataburger*|
        hardees|quizno*|jimmy johns|jersey mikes|pizza hut*|domino*|dominos*|papa john*|papa johns*|little caesars*|nordsee|quick|max burgers|hesburger|jollibee*|telepizza|マクドナルド*|モスバーガー|ケンタッキー*|肯德基*|麦当劳*|
        맥도날드*|버거킹|롯데리아|макдоналдс|вкусно и точка|krispy kreme|tim hortons""",
    ),
    "delivery": (
        "Eating out",
        """doordash*|uber eats|ubereats*|grubhub*|seamless*|postmates*|deliveroo*|just eat|justeat*|lieferando*|takeaway com|thuisbezorgd*|wolt*|glovo*|foodora*|foodpanda*|skip the dishes|skipthedishes|menulog|rappi*|ifood*|
        pedidosya*|zomato*|swiggy*|grabfood|gofood|出前館|pyszne*|yemeksepeti*|eat street|ritual|dinnerly*""",
    ),
    "fuel": (
        "Transport",
        """fuel*|gas station|petrol*|service station|servicestation|filling station|tankstelle*|tanken|station service|carburant*|essence|gasolinera*|gasolina|combustivel|posto|benzina|distributore|stazione di servizio|benzin*|bensin*|
        stacja paliw|cerpaci stanice|huoltoasema|azs|азс|бензин|shell*|bp|esso*|aral*|jet tankstelle|jet|total|totalenergies*|total access|texaco*|chevron*|exxon*|exxonmobil*|mobil*|valero*|sunoco*|arco|marathon petro*|
        speedway|circle k*|wawa|sheetz|conoco*|phillips 66|union 76|76|citgo*|gulf oil|quiktrip|racetrac|caseys|love s|pilot travel|omv*|agip*|eni|q8|tamoil|repsol*|cepsa|galp*|petrobras|ipiranga|orlen*|lotos|circle|neste*|
        st1|okq8|preem|uno x|yx|ingo|statoil|avia*|migrol|socar|ruedi russel|lukoil|лукойл*|газпром*|роснефть|татнефть|mol|petrom|ina|petrol|slovnaft|eneos*|apollostation|出光*|中石化*|中石油*|加油站*|加油|sk에너지|gs칼텍스|
        petron|caltex*|petronas|ptt|indian oil|hpcl|bharat petroleum|ampol|7 eleven fuel|z energy|engen|sasol|paz|sonol|דלק*|סונול*|pfs""",
    ),
    "transit": (
        "Transport",
        """train*|railway*|rail|metro|subway ticket|tram|bus|buses|transit*|public transport|bahn|deutsche bahn|db vertrieb*|db bahn*|die bahn|bvg|mvg|hvv|vvs|rmv|vbb|vgn|kvb|rheinbahn|s bahn|u bahn|sncf*|ratp*|navigo|velib*|tisseo|
        tcl|ouigo|tgv|eurostar|thalys|trainline*|tfl*|transport for london|oyster|national rail|northern rail|scotrail|avanti west|lner|gwr|irish rail|iarnrod|dublin bus|leap card|luas|bus eireann|translink|ns reizigers|ns groep|
        ovpay|ov chipkaart|gvb|htm|connexxion|sncb|nmbs|stib|mivb|de lijn|sbb*|cff|zvv|bls|postauto|obb|oebb*|wiener linien|trenitalia*|italo|atm milano|atac|renfe*|tmb|emt|cercanias|metro de madrid|cp comboios|metro lisboa|
        carris|sj|sl|vasttrafik|skanetrafiken|vy|ruter|skyss|entur|dsb|rejsekort|hsl|vr|pkp*|intercity|ztm|mpk|koleje|ceske drahy|cd|regiojet|dpp|mav|bkk|mta*|amtrak*|bart|caltrain|septa|wmata|cta|mbta*|nj transit|clipper|
        port authority|presto|stm|translink|opal|myki|suica*|pasmo*|jr*|jr東日本*|東京メトロ|地铁*|公交*|滴滴公交|12306|铁路*|고속버스|코레일*|티머니|mtr|octopus|ez link|simplygo|irctc|flixbus*|flixmobility|blablabus|greyhound*|
        megabus|national express|ferry|ferries|רכבת*|אגד|רב קו|метро|ржд|тройка""",
    ),
    "taxi": (
        "Transport",
        """taxi*|cab|cabs|uber|uber trip|uber bv|ubr*|lyft*|bolt*|free now|freenow*|mytaxi|cabify*|didi*|滴滴*|grab|gojek|ola cabs|ola|yandex taxi|яндекс такси|такси|gett|lime|lime ride|tier mobility|voi|bird rides|blablacar*|
        zipcar|share now|miles mobility|sixt share|car2go|careem|카카오t|타다""",
    ),
    "parking": (
        "Transport",
        """parking*|parken|parkhaus*|parkgarage|parkschein*|carpark|car park|parkplatz|parkgebuhr*|parcheggio*|aparcamiento*|estacionamento|estacionamiento|parkeren|parkering*|parkovani|parkoviste|indigo park|q park|apcoa*|contipark|
        paybyphone|easypark*|ringgo|justpark|parkmobile*|parkster|handyparken|yellowbrick|toll|tolls|sunpass*|ezpass*|e zpass*|fastrak*|maut|peage*|vinci autoroute*|autoroute*|autostrad*|telepass*|autopista*|via verde|vignette|
        asfinag|e toll|parknow|停车*|주차*""",
    ),
    "car": (
        "Transport",
        """garage|autowerkstatt|werkstatt|kfz*|car wash|carwash|autowasch*|waschanlage|lavage auto|lavado|autolavado|lavaggio|myjnia|mot centre|mot|tyre*|tire*|reifen*|pneus|kwik fit|halfords*|atu|a t u|midas|norauto|euromaster|
        feu vert|vulco|jiffy lube|autozone*|o reilly auto*|advance auto*|pep boys|napa auto|dmv|vehreg|vehicle registration|dvla*|tuv|tuev*|dekra*|adac*|aaa|rac|the aa|onstar*|auto repair|auto parts|autohaus|zulassungsstelle|
        motor tax|motortax|carglass|autobacs""",
    ),
    "carloan": (
        "Transport",
        """honda pmt|toyota financial|ford credit|ford motor cr*|gm financial|ally auto|vw leasing|volkswagen leasing|bmw financial*|car loan|auto loan|autokredit|car payment|nissan motor acc*|hyundai motor fin*""",
    ),
    "bike": ("Transport", """bike shop|bicycle*|cycling|fahrrad*|cycles|velo|swapfiets|nextbike|bikeshare|citi bike"""),
    "rent": (
        "Housing",
        """rent|rent payment|monthly rent|landlord|letting*|lettings|property management|property m|miete|kaltmiete|warmmiete|mietzahlung|mietzins|hausverwaltung*|vonovia*|deutsche wohnen|nebenkosten|wohnung*|wohngeld|hausgeld|loyer|
        syndic|foncia|nexity|alquiler|renta|affitto|canone locazione|condominio|aluguel|aluguer|renda|huur|woningcorporatie|wonen|hyra|hyresavi|bostad*|husleie|husleje|vuokra*|czynsz|najem|spoldzielnia mieszkaniowa|najemne|
        najom|alberlet|lakber|chirie|kira|аренда|квартплата|ενοικιο|שכר דירה|שכירות|家賃|房租|租金|월세|관리비|homeowners assoc*|hoa|service charge property|apartments|apartment""",
    ),
    "mortgage": (
        "Housing",
        """mortgage*|mortg|mtg|home loan|hypothek*|baufinanzierung*|bausparkasse*|pret immobilier|credit immobilier|hipoteca*|mutuo|hypotheek|bolan|boliglan*|boliglaan|asuntolaina|kredyt hipoteczny|hypoteka|ипотека|משכנתא|住宅ローン|房贷""",
    ),
    "council": (
        "Housing",
        """council tax|rates payment|property tax|grundsteuer|taxe fonciere|taxe d habitation|ibi|ejendomsskat|city council|borough council|rundfunkbeitrag|rundfunk ard*|ard zdf*|tv licence|tv licensing|serafe|gis gebuhren""",
    ),
    "power": (
        "Utilities",
        """electric*|electricity|electric company|energy|energie*|power co|power company|power and light|light company|strom*|stadtwerke*|stadtwerk|gaswerk*|erdgas|heizung*|heizkosten*|fernwarme|edf*|engie*|totalenergies electricite|
        electricite|eneco|vattenfall*|essent|greenchoice|e on|eon*|enbw|rwe|lichtblick|yello strom|naturstrom|ewe|octopus energy|british gas*|bulb|ovo energy|scottish power|scottishpower|sse|edf energy|npower|utilita|electric ireland|
        bord gais|airtricity|endesa*|iberdrola*|naturgy*|holaluz|edp*|enel*|eni gas|a2a|hera|iren|acea|fortum*|ellevio|fjordkraft|tibber|orsted|norlys|helen|caruna|tauron*|pge|enea|energa|innogy|cez*|pre|eon energie|mvm|tigaz|
        con edison|coned|pg e|pge com|pacific gas|sdge|socal edison|socalgas|duke energy|dukeenergy*|dominion energy|fpl*|georgia power|national grid|nationalgrid*|consumers energy|dte energy|xcel energy|puget sound*|pugetsounde|
        duquesne light|gexa|reliant energy|txu|peco|pepco|bge|comed|ameren|evergy|entergy|nstar|eversource|hydro quebec|bc hydro|hydro one|toronto hydro|enbridge gas|origin energy|agl|energyaustralia|mercury energy|genesis energy|
        genesis|contact energy|eskom|城市电力|国家电网|电费|燃气*|電気*|電力*|東京電力|関西電力|ガス|東京ガス|한국전력*|전기*|도시가스|מקורות|חברת חשמל*|электроэнергия|мосэнерго*|газ|жкх|δεη|utilit*|utility|utility company|gas company|gasversorgung""",
    ),
    "water": (
        "Utilities",
        """water|waterworks|water board|water company|artesian water|wasser*|wasserwerk*|abwasser*|zweckverband wasser|eau|veolia*|suez eau|saur|agua*|aguas*|canal de isabel*|acqua*|acquedotto|waternet|vitens|evides|thames water|
        yorkshire water|severn trent|united utilities|anglian water|irish water|vann|vatten|vesi|wodociag*|vodovod*|vodarny|vodokanal|водоканал|מי*תאגיד|水道*|水费|수도*|waste management|republic services|sewer|abfall*|mullabfuhr|
        awb|bsr|ordures|rifiuti|tari|trash|refuse|garbage""",
    ),
    "phone": (
        "Phone & internet",
        """mobile phone|handy|telefon*|telephone|mobilfunk*|vodafone*|telekom*|t mobile*|tmobile*|o2*|telefonica*|1 1 telecom|congstar|klarmobil|aldi talk|freenet|drillisch|winsim|orange*|sfr*|bouygues telecom|free mobile|free telecom|
        sosh|red by sfr|ee limited|ee|three|three mobile|giffgaff|tesco mobile*|voxi|lebara*|lycamobile*|sky mobile|eir|movistar*|yoigo|masmovil|pepephone|tim|wind tre|windtre|iliad|fastweb|ho mobile|kpn*|tele2*|ziggo|odido|proximus*|
        telenet|base company|swisscom*|sunrise*|salt mobile|wingo|a1 telekom|magenta telekom|drei|hot|yesss|telia*|telenor*|ice net|tdc|yousee|3 mobil|dna|elisa|play|plus gsm|t mobile polska|polkomtel|verizon*|vzw|at t*|att|att*bill|
        cricket wireless|boost mobile|metro by t*|mint mobile*|us cellular|google fi|xfinity mobile|visible|straight talk|rogers|bell mobility|telus mobility|fido|koodo|virgin mobile|telstra*|optus|spark nz|2degrees|claro|tigo|entel|
        vivo|oi|docomo*|ドコモ*|au*kddi*|kddi|softbank*|ソフトバンク*|楽天モバイル|中国移动*|中国联通*|中国电信*|skt|kt|lg유플러스|סלקום|פרטנר|פלאפון|мтс|билайн|мегафон|теле2|turkcell|turk telekom|airtel*|jio|vi|singtel|starhub|celcom|
        maxis|digi|globe telecom|smart communications|cosmote|smarty""",
    ),
    "internet": (
        "Phone & internet",
        """internet|internet provider|internet service|broadband|fibre|fiber|dsl|glasfaser|kabel deutschland|unitymedia|comcast*|xfinity*|spectrum*|charter comm*|cox comm*|optimum|frontier comm*|centurylink|verizon fios|metronet|
        google fiber|starlink|sky digital|sky broadband|bt group|bt|british telecom|talktalk|plusnet|virgin media|hyperoptic|bell canada|shaw|videotron|bezeq|hot net|ростелеком|init7|upc*|hosting|domain*|namecheap|godaddy*|hetzner*|ionos|
        strato|ovh*|gandi|cloudflare|digitalocean""",
    ),
    "insurance": (
        "Insurance",
        """insurance*|insur|assurance*|assicuraz*|assicurazione*|versicherung*|*versicherung|*versicherungen|haftpflicht*|seguro|seguros|verzekering*|verzekeringen|forsikring*|forsakring*|vakuutus*|ubezpieczeni*|pojisten*|pojistovna|
        biztosit*|asigurar*|sigorta*|страхован*|страховка|росгосстрах|ασφαλεια|ασφαλιστικη|ביטוח*|保険*|保险*|보험*|allianz*|axa*|huk|huk24|huk coburg|ergo|generali*|zurich*|helvetia*|mobiliar|baloise|debeka|signal iduna|devk|gothaer|
        cosmosdirekt|wgv|r v versicherung|maif|macif|maaf|matmut|groupama|gmf|aviva*|admiral|direct line|hastings direct|churchill|lv|aig|metlife*|prudential*|state farm*|geico*|progressive*|allstate*|usaa insurance|liberty mutual|
        farmers ins*|nationwide*|travelers|lemonade ins*|northwestern mu*|mapfre|mutua madrilena|sanitas|adeslas|santalucia|unipol*|reale mutua|fidelidade|tranquilidade|achmea|centraal beheer|nationale nederlanden|interpolis|fbto|ditzo|
        ohra|if skadeforsakring|folksam|trygg hansa|gjensidige|tryg|topdanmark|lahitapiola|pzu|warta|kooperativa|lic|hanse merkur|hansemerkur|policybazaar|kid care""",
    ),
    "healthinsurance": (
        "Insurance",
        """krankenkasse*|krankenversicherung*|aok|barmer*|techniker krankenkasse|tk|dak*|css|swica|sanitas|helsana|assura|concordia|kpt|mutuelle*|cpam|harmonie mutuelle|zilveren kruis|cz groep|menzis|vgz|bupa*|vhi|laya|irish life health|
        aetna*|cigna*|humana|blue cross|bluecross|anthem|unitedhealth*|kaiser*|medibank|hcf|discovery health""",
    ),
    "doctor": (
        "Health",
        """doctor*|dr|dr med|md|physician*|clinic|clinic*|klinik*|klinikum|hospital*|krankenhaus|medical*|medic*|arzt*|*arzt|*arztpraxis|zahnarzt*|praxis|physio*|therap*|osteopath*|chiropract*|dentist*|dental*|dentiste|dds|orthodont*|
        optician*|optik*|optiker|fielmann|apollo optik|specsavers*|vision express|opticien|optica|optometr*|ophtalmo*|lenscrafters|warby parker|medecin|cabinet medical|hopital|laboratoire|kine|medico|clinica|dottore|ospedale|studio medico|
        dentista|consultorio|huisarts|tandarts|ziekenhuis|tandlakare|tandlege|tandlaege|vardcentral|legevakt|laakari*|hammaslaakari|lekarz|przychodnia|stomatolog*|dentysta|szpital|lekar|zubar|nemocnice|orvos|fogorvos|korhaz|spital|
        стоматолог*|клиника|поликлиника|больница|врач|ιατρος|οδοντιατρος|רופא|מרפאה|מכבי*|כללית|クリニック|病院|医院*|歯科*|眼科*|医療|병원|치과|의원|radiology*|health care|healthcare|labcorp|quest diagnostics|planned parenthood|health and s*""",
    ),
    "pharmacy": (
        "Health",
        """pharmac*|pharmacie*|apotheke*|*apotheke|farmacia*|farmacie*|apteka|apotek*|apteek*|lekarna|lekaren|gyogyszertar|drogeria apteka|eczane|аптека*|φαρμακειο*|בית מרקחת|薬局*|ドラッグ*|药房*|药店*|약국|chemist|chemist warehouse|
        boots|boots pharmacy|superdrug pharmacy|lloyds pharmacy|cvs*|walgreens*|rite aid*|duane reade|shoppers drug mart|docmorris|shop apotheke|gnc|vitamin shoppe|holland barrett|マツモトキヨシ*|clicks|drug store|supplements""",
    ),
    "vet": (
        "Pets",
        """vet|vets|veterinar*|veterinaire|tierarzt*|*tierarztpraxis|dierenarts|pet hospital|animal hospital|banfield*|vca*|weterynarz|veterinario|eläinlääkäri|elainlaakari|vets4pets|petmobile""",
    ),
    "pets": (
        "Pets",
        """pet|pets|pet shop|pet store|pet supplies|petsmart*|petco*|chewy*|pets at home|fressnapf*|zooplus*|maxi zoo|dierenwinkel|tierhandlung|tierbedarf|hundesteuer|zoohandlung|animalerie|tiendanimal|kiwoko|arcaplanet|zooroyal|petbarn|
        dog|dogs|cat food|kennel|groomer|dhotson*|ペット*|宠物*|зоомагазин""",
    ),
    "clothing": (
        "Clothing",
        """clothing|clothes|fashion|mode|bekleidung|kleidung|boutique|apparel|shoes|schuhe|schuh*|chaussures|zapater*|scarpe|calzature|zapatos|roupa|ropa|abbigliamento|vetements|kleding|klader|h m|hm|hennes mauritz|h and m|zara*|c a|
        primark*|mango|uniqlo*|ユニクロ*|优衣库|gap|gap outlet|old navy*|banana republic|j crew|levis*|levi s|nike*|adidas*|puma|asos*|zalando*|about you|vinted*|boohoo|shein*|temu|next retail|next directory|new look|river island|topshop|
        tk maxx|tkmaxx|tk maxx|tj maxx|tjmaxx|marshalls|ross stores|ross dress|burlington|forever 21|urban outfitters|anthropologie|hollister|abercrombie|lululemon*|footlocker|foot locker|deichmann*|snipes|jd sports|clarks|kiabi|
        celio|jules|promod|kik|takko|ernstings family|new yorker|peek cloppenburg|breuninger|bestseller|vero moda|jack jones|cos|esprit|s oliver|tommy hilfiger|calvin klein|gucci|louis vuitton|massimo dutti|pull bear|bershka|
        stradivarius|decathlon clothing|laundry|dry clean*|reinigung|wascherei|pressing|lindex|kappahl|cubus|dressmann|しまむら|gu|무신사|obuv|обувь|одежда|wildberries|resale|goodwill|thrift""",
    ),
    "sport": (
        "Fun & events",
        """sport|sports|sporting goods|sportartikel|decathlon*|intersport*|xxl sport|sport check|sportscheck|dick s sporting|dicks sporting|academy sports|rei|rei com|big 5 sporting|bass pro|cabela*|northface|the north face|patagonia|
        go sport|sportsdirect|sports direct|sport 2000|golf*|ski*|alpine|athletic*|sports gear|start haus|boats|marina|yacht""",
    ),
    "fitness": (
        "Fun & events",
        """gym|gyms|fitness*|fitnessstudio|yoga*|pilates|crossfit*|mcfit*|fitx|fitness first|clever fit|john reed|basic fit*|puregym*|the gym group|virgin active|david lloyd|anytime fitness*|planet fit*|la fitness|24 hour fitness|equinox|
        orangetheory*|ymca|urban sports|urbansportsclub|classpass*|peloton*|sats|friskis|elixia|actic|smartfit|bodytech|sportverein|turnverein|athletic center|leisure centre|schwimmbad|freibad|swimming|piscine|piscina|bowling*|hot worx""",
    ),
    "events": (
        "Fun & events",
        """cinema*|kino*|cine|cines|cinemark*|movie theat*|theater*|theatre*|teatro|museum*|musee*|museo*|muzeum|zoo|aquarium|konzert*|concert*|ticket*|tickets|ticketmaster*|eventim*|eventbrite*|axs*|stubhub*|seatgeek*|see tickets|ticketek|
        fnac spectacles|ticketone|festival|amusement*|theme park|freizeitpark|disneyland*|disney parks|legoland|six flags|universal studios|europapark|escape room|amc|amc theat*|regal|regal cinema*|regal e*|odeon|vue cinema|vue|cineworld|
        cineplex*|cinemaxx|uci kinowelt|cinestar|pathe*|ugc|gaumont|kinepolis|yelmo|hoyts|event cinemas|casino|lottery|lotto*|loterie|loteria|toto|tipico|bwin|bet365|paddy power|fdj|opap|hobby*|hobbycraft|michaels|joann|creepy crawlies|
        カラオケ*|映画*|電影*|电影*|cgv|롯데시네마|메가박스|театр|кино""",
    ),
    "streaming": (
        "Subscriptions",
        """netflix*|disney plus|disneyplus*|hulu*|hbo*|max com|paramount*|peacock*|viacomcbs*|youtube premium|youtube tv|google youtube*|youtubepremium|amazon prime*|amzn prime*|prime video*|primevideo*|amazon video|apple tv*|sky go|
        now tv|nowtv|dazn*|wow tv|rtl plus|joyn|waipu*|magenta tv|canal*|canal plus|molotov|movistar plus|crunchyroll*|mubi|curiositystream|twitch*|viaplay*|tv4 play|videoland|npo plus|britbox|discovery plus|fubo*|sling tv|sling|
        philo|directv*|dish network|roku*|movielink*|u next|abema|爱奇艺|优酷|腾讯视频|bilibili*|넷플릭스|웨이브|티빙|кинопоиск|okko|иви|tv and movies""",
    ),
    "music": (
        "Subscriptions",
        """spotify*|apple music|deezer*|tidal*|youtube music|soundcloud*|amazon music|audible*|pandora*|sirius*|siriusxm*|qobuz|napster|storytel|bookbeat|网易云*|qq音乐|멜론|지니뮤직|яндекс плюс|bandcamp""",
    ),
    "games": (
        "Fun & events",
        """steam|steam games|steampowered*|steamgames*|valve|playstation*|sony interactive|psn|xbox*|microsoft xbox|nintendo*|epic games|epic ga|blizzard*|riot games|riotgames|ea games|electronic arts|ubisoft*|roblox*|minecraft|supercell|
        king|zynga|neopets*|gamestop*|google play|google games|google*games|humble bundle|gog|任天堂|网易游戏|youngjoy""",
    ),
    "software": (
        "Subscriptions",
        """adobe*|microsoft*365|microsoft 365|office 365|msbill info|microsoft*|google one|google storage|icloud*|apple com bill|apple com|itunes*|apple services|dropbox*|github*|openai*|chatgpt*|anthropic|notion*|zoom us|zoom*|slack*|canva*|
        1password*|lastpass*|bitwarden*|nordvpn*|expressvpn|surfvpn|evernote*|grammarly*|norton*|mcafee*|jetbrains*|figma*|patreon*|onlyfans|linkedin*|tinder*|bumble*|match com|parship*|substack*|medium*|ancestry*|duolingo plus|membership|
        subscription|abonnement*|abo""",
    ),
    "news": (
        "Subscriptions",
        """newspaper*|zeitung*|*zeitung|zeitschrift|magazine*|new york times|nytimes*|nyt*|washington post|wall street journal|wsj|the economist|economist|the guardian|guardian news|financial times|ft com|the times|le monde|mediapart|
        liberation|der spiegel|spiegel*|die zeit|sz|faz|el pais|el mundo|la repubblica|corriere|nrc|volkskrant|de standaard|dagens nyheter|aftenposten|politiken|helsingin sanomat|news journal|readly|presse|journal|hearst*""",
    ),
    "care": (
        "Personal care",
        """hair*|hairdresser*|haircut*|barber*|friseur*|friseursalon|coiffeur*|coiffure|peluquer*|parrucchier*|kapper*|fryzjer*|kadernictvi|fodrasz*|frisor*|kampaamo|salon|beauty*|beaute|schonheit*|kosmetik*|cosmetic*|cosmetique|nail*|nails|
        spa|massage*|wellness|sephora*|douglas*|marionnaud|nocibe|rituals*|lush|body shop|yves rocher|kiko|mac cosmetics|ulta*|sally beauty|bath body works|scentbird|superdrug*|dm drogerie*|dm|rossmann*|muller drogerie|drogerie*|
        drogeria|bipa|etos|kruidvat*|hebe|notino*|matas|normal|kicks|lyko|the ordinary|waxing|tattoo*|tanning|美容*|理发*|床屋|미용*|올리브영|парикмахерская|рив гош|летуаль|מספרה""",
    ),
    "flight": (
        "Travel",
        """airline*|airways|airway|air france|airfrance|klm*|lufthansa*|eurowings*|condor|swiss air*|swiss intl*|austrian airlines|british airways|british a*|easyjet*|ryanair*|aer lingus|jet2*|tui*|wizz*|wizzair*|vueling*|iberia*|air europa|
        tap air*|tap portugal|ita airways|alitalia|sas scandinavian|norwegian air*|finnair*|lot polish|airbaltic|aegean*|turkish air*|pegasus|emirates*|qatar air*|etihad*|el al|delta air*|united air*|american air*|southwest*|jetblue*|
        alaska air*|spirit airl*|frontier air*|allegiant*|allegnt*|air canada*|westjet*|qantas*|jetstar*|virgin austr*|virgin atl*|air new zealand|singapore air*|cathay*|ana|all nippon|japan airl*|jal|korean air|asiana|air china|
        china eastern|china southern|latam*|gol linhas|azul|avianca|aeromexico|volaris|indigo airl*|air india|vistara|spicejet|airasia*|flydubai*|flydba*|aeroflot|аэрофлот|s7 airlines|flug*|vol|airport*|flughafen|aeroport*|luggage|
        航空*|机票|항공*|airline company|flight*""",
    ),
    "lodging": (
        "Travel",
        """hotel*|motel*|hostel*|inn|inns|inn suites|resort*|lodge|lodging|pension hotel|gastehaus|guesthouse|guest house|b b|bed breakfast|airbnb*|vrbo*|booking com|bookingcom|booking service|expedia*|hotels com|agoda*|trivago|hostelworld*|
        marriott*|hilton*|hyatt*|holiday inn*|ihg|accor*|ibis*|novotel|mercure|premier inn|travelodge*|motel 6|super 8|best western*|comfort inn*|hampton inn*|sheraton*|westin|radisson*|ritz carlton|four seasons|nh hoteles|melia*|
        riu|iberostar|scandic|motel one|a o hostel*|campingplatz|camping*|jugendherberge|ferienwohnung*|albergo|auberge|gite|parador|pousada|ryokan|旅館|ホテル*|酒店*|宾馆|携程*|ctrip*|야놀자|여기어때|호텔*|гостиница|отель|מלון""",
    ),
    "travel": (
        "Travel",
        """travel*|reise*|reiseburo|reisebuero|voyage*|viajes|viaggi|viagem|agencia de viagens|biuro podrozy|cestovni|utazas*|tourism*|tourist*|tours|cruise*|vacation*|urlaub|holiday*|tripadvisor*|getyourguide*|viator*|kiwi com|opodo*|edreams*|
        logitravel|lastminute*|check24 reise*|hertz*|avis*|europcar*|sixt*|enterprise rent*|alamo|budget rent*|national car|thrifty|dollar rent*|car rental*|car hire|mietwagen|rent a car|rentalcars*|makemytrip|goibibo|traveloka|visa fee|
        passport|эviza|туризм|путешеств*""",
    ),
    "home": (
        "Home & garden",
        """furniture*|mobel*|moebel*|meubles|muebles|mobili|meubel*|moveis|mobler|huonekalu*|meble|nabytek|ikea*|イケア|宜家|wayfair*|home24|xxxlutz|xxxl|hoffner|poco|roller|conforama|but|maisons du monde|leroy merlin|castorama|brico*|
        bricolage|bauhaus*|hornbach*|obi|toom*|hagebau*|baumarkt*|bunnings*|mitre 10|home depot*|homedepot*|lowes*|lowe s|menards*|ace hardware|true value|hardware*|b q|b and q|screwfix|wickes|homebase|toolstation|dunelm|the range|
        robert dyas|homesense|bed bath*|crate barrel|pottery barn|west elm|williams sonoma|ferreteria|ferramenta|quincaillerie|byggmax|bauhaus|jula|clas ohlson|biltema|silvan|jysk*|castorama polska|leroy|garden*|gartencenter|
        gartnerei|dehner|blumen*|florist*|flowers|fleuriste|floristeria|fiorista|bloemen*|kukkakauppa|kwiaciarnia|kvetinarstvi|action|tiger|flying tiger|sostrene grene|hema|nanu nana|depot|butlers|gamma|praxis|karwei|ニトリ*|コーナン|
        カインズ|다이소|daiso*|オービック|tedi|woolworth|plumber|plumbing|electrician|handwerker|schreiner|cleaning|putzfrau|helpling|taskrabbit|locksmith|tractor supply|леруа мерлен|мебель|dollar tree*|dollartre*|dollar tr""",
    ),
    "electronics": (
        "Home & garden",
        """electronics|elektronik*|media markt|mediamarkt*|saturn|saturn*|conrad|notebooksbilliger|alternate|cyberport|fnac|darty|boulanger|ldlc|currys*|pc world|argos*|best buy*|bestbuy*|micro center|newegg*|b h photo|apple store|
        apple retail|samsung|dell|lenovo|hp store|coolblue*|bol com|elgiganten|elkjop|power as|gigantti|verkkokauppa*|x kom|rtv euro agd|media expert|alza*|datart|czc|emag|altex|unieuro|euronics|worten|pccomponentes|el corte ingles|
        jb hi fi|harvey norman|officeworks|staples*|office depot|ヨドバシ*|ビックカメラ*|ヤマダ*|京东*|dns|м видео|эльдорадо|ksp""",
    ),
    "marketplace": (
        "",
        """amazon|amazon*|amzn*|amz|ebay*|etsy*|aliexpress*|alibaba*|allegro*|otto|mercado libre|mercadolibre*|mercado livre|mercadopago*|rakuten*|楽天*|淘宝*|天猫*|拼多多*|쿠팡*|11번가|flipkart*|lazada*|shopee*|ozon|cdiscount*|wish|wish com|
        marketplace|target|target*|tesco direct|kohls*|kohl s|macys*|macy s|nordstrom*|jcpenney|sears|galeria*|kaufhof|karstadt|john lewis*|marks spencer*|debenhams|harrods|selfridges|galeries lafayette|printemps|department store|
        kaufhaus|paypal|klarna*|afterpay*|sezzle|alipay*|支付宝*|微信*|wechat*""",
    ),
    "books": (
        "Learning",
        """book|books|bookshop|bookstore*|buch*|buchhandlung*|thalia*|hugendubel*|librairie*|libreria*|livraria|fnac livres|boekhandel|bokhandel|bokus|adlibris|ark|kirjakauppa|ksiegarnia|empik*|knihkupectvi|luxor|konyvesbolt|waterstones*|
        wh smith|whsmith*|blackwells|barnes noble*|half price books|books a million|kobo*|kindle*|scholastic*|紀伊國屋*|书店*|教保文库|교보문고|예스24|книги|читай город|comics""",
    ),
    "education": (
        "Learning",
        """school*|schule*|*schule|schulgeld|ecole*|escuela*|scuola*|escola*|skola|szkola*|iskola|university*|universit*|universidad*|college*|hochschule*|studentenwerk*|semesterbeitrag|tuition|course*|kurs*|volkshochschule|vhs|udemy*|
        coursera*|edx|skillshare|masterclass|babbel*|duolingo*|rosetta stone|khan academy|chegg*|training|seminar|academy|akademie|fahrschule|driving school|autoecole|education|학원|교육*|培训|学费|大学*|学校*|塾|школа|университет|курсы|
        אוניברסיטה|exam*|edu""",
    ),
    "childcare": (
        "Childcare",
        """nursery|kindergarten*|kita*|kitagebuhr*|krippe|tagesmutter|childcare*|child care*|daycare|day care|creche*|garderie|guarderia*|asilo|nido|infantil|kinderopvang*|bso|barnehage*|forskola*|dagis|bornehave|daginstitution|paivakoti|
        przedszkole|zlobek|skolka|skolni druzina|ovoda|gradinita|kres|anaokulu|детский сад|babysitter|nanny|au pair|toys r us|toys|spielzeug|smyths*|lego|baby*|babymarkt|mothercare|buybuy baby|kinder*|kindergeldkasse|幼稚園|保育*|幼儿园|어린이집|유치원""",
    ),
    "charity": (
        "Gifts",
        """donation*|donate|charity|charities|spende*|spenden|don|dons|donacion|donazione|donativo|gave|gavebrev|lahjoitus|darowizna|red cross|rotes kreuz|croix rouge|cruz roja|unicef*|greenpeace*|wwf*|oxfam*|amnesty*|medecins sans*|
        arzte ohne grenzen|save the children|brot fur die welt|caritas|misereor|aspca*|salvation army|goodwill donation|gofundme*|gofndme*|gfm*gofundme|gfm|patreon donation|wikimedia*|wikipedia|actblue*|winred|church|kirche*|gemeinde|
        parish|tithe|bethel|betterplace|justgiving*|kiva|fund|foundation|stiftung|political""",
    ),
    "gifts": (
        "Gifts",
        """gift*|gifts|geschenk*|cadeau*|regalo*|presente|moonpig*|hallmark|interflora*|fleurop*|1 800 flowers|card factory|clintons|jewel*|juwelier*|schmuck|joyer*|bijou*|gioielleria|pandora jewel*|swarovski|signet""",
    ),
    "cash": (
        "",
        """atm withdrawal|atm|cash withdrawal|cash machine|withdrawal atm|bargeldauszahlung*|bargeld*|barabhebung|geldautomat*|geldausgabe*|auszahlung|retrait dab|retrait*|dab|cajero*|reintegro|prelievo*|bancomat|bancomat prelievo|levantamento|
        saque|geldautomaat|geldopname|opname|uttag|kontantuttag|bankomat*|uttak|minibank|haevning|haeveautomat|kateisnosto|otto|wyplata gotowki|wyplata z bankomatu|wyber hotovosti|vyber|keszpenzfelvetel|atm cekim|para cekme|
        выдача наличных|снятие наличных|банкомат|αναληψη|כספומט|משיכת מזומן|ＡＴＭ|カード引出*|現金引出*|取现|取款*|atm取款|현금인출|출금|cardtronics|euronet|allpoint|cash""",
    ),
    "fee": (
        "",
        """fee|fees|bank fee*|service charge|monthly service*|account fee*|overdraft*|nsf|surcharge*|interest charge*|finance charge*|late fee|foreign transaction*|international pos fee|atm fee*|atm transaction fee*|commission|kontofuhrung*|
        kontoentgelt|entgelt*|gebuhr*|gebuehr*|abschluss|sollzinsen|frais*|frais bancaires|cotisation carte|cotisation*|agios|comision*|comisiones|commissioni|canone mensile|canone conto|imposta di bollo|comissao|anuidade|iof|kosten|
        bankkosten|avgift*|arsavgift|gebyr*|palvelumaksu|oplata*|prowizja|poplatek*|poplatky|dij|koltseg|comision administrare|komisyon|masraf|комиссия*|обслуживание карты|προμηθεια|עמלה*|手数料*|手续费*|수수료*|express funds fee""",
    ),
    "interest": (
        "Other income",
        """interest*|interest payment|interest paid|interest credit|interest earned|interest income|savings interest|zinsen*|habenzinsen|zinsgutschrift|interets*|intereses*|interessi|juros|rente|ranta|korko*|korot|odsetki|urok*|kamat*|
        dobanda|faiz|проценты|начисление процентов|τοκοι|ריבית*|利息*|決算お利息|이자|dividend*|dividende*|dividendo*|dividendi|ausschuttung|distribution|coupon|配当*|股息*""",
    ),
    "salary": (
        "Salary",
        """salary*|salaries|payroll*|wages|wage|paycheck|pay check|direct dep*|dir dep|direct deposit|employer|employer name|gehalt*|lohn*|lohn gehalt|bezuge|besoldung|salaire*|paie|virement salaire|nomina*|sueldo*|haberes|stipendio*|emolumenti|
        salario*|ordenado|vencimento|salaris*|loon*|lon|lonn|lonnsoverforing|loen|loenoverforsel|palkka*|wynagrodzenie*|pensja|mzda*|vyplata*|plat|fizetes|munkaber|berjovairas|salariu|maas*|зарплата|заработная плата|аванс|μισθος|
        μισθοδοσια|משכורת*|שכר|給与*|給料*|賞与|工资*|代发工资|薪资|급여*|월급|상여*|reg salary""",
    ),
    "benefit": (
        "Other income",
        """pension*|pensions|rentenversicherung|deutsche rentenversicherung|rentenzahlung|retraite|caf|allocations*|kindergeld*|elterngeld|familienkasse|arbeitslosengeld|arbeitsagentur|bundesagentur*|jobcenter|pole emploi|france travail|
        child benefit|child support|universal credit|social welfare|dsp|social security|soc sec|ssa treas*|ssa|xxsoc sec|ssi|unemployment|va benef*|veterans|irs treas|tax refund|treas 310|steuererstattung|finanzamt erstattung|
        toeslag*|belastingdienst toeslagen|svb|uwv|kinderbijslag|barnbidrag*|forsakringskassan|nav|udbetaling danmark|kela*|zus|500|800|csalad*|пенсия|пособие|ביטוח לאומי|年金*|児童手当|养老金|연금*|aposentadoria|inss|bolsa familia""",
    ),
    "refund": (
        "",
        """refund*|reimburse*|reimbursement*|erstattung*|ruckerstattung|ruckzahlung|gutschrift|remboursement*|avoir|devolucion*|reembolso*|rimborso*|estorno*|terugbetaling*|aterbetalning*|refusjon|tilbagebetaling|palautus|zwrot*|vratka|visszaterites|возврат*|επιστροφη|זיכוי|返金*|退款*|환불*|dispute credit|cashback|cash back|product refund""",
    ),
    "tax": (
        "",
        """tax|taxes|irs*|usataxpymt|franchise tax|state tax|income tax|finanzamt*|finanzkasse|steuer*|einkommensteuer|kfz steuer|kraftfahrzeugsteuer|hauptzollamt*|bundeskasse|impot*|dgfip*|direction generale des finances*|tresor public|urssaf|
        hacienda*|agencia tributaria|aeat|impuesto*|agenzia entrate|f24|tributi|imposta|financas|irs autoridade*|belastingdienst*|belasting*|skatteverket|skatt*|skat|skatteetaten|vero|verohallinto|urzad skarbowy|podatek|financni urad|dan|
        nav ado|anaf|vergi*|налог*|фнс|εφορια|φορος|מס הכנסה|税金|国税|市税|住民税|税务*|세금|국세|지방세|hmrc*|revenue commissioners|revenue|h r block*|turbotax*|intuit tax*|taxact|wiso|tax preparation""",
    ),
    "cardpayment": (
        "",
        """credit card payment|credit crd*|credit card|card payment thank*|payment thank you|autopay|epay|e payment|mobile pmt|online pmt|online payment|bill pay*|payment to chase*|chase credit*|citi card*|discover e payment|discover|
        barclaycard*|barclaycard us|capital one*|amex epayment|american express*|amex|synchrony|syf|storecard|best buy payment|kreditkarte*|kreditkartenabrechnung|abrechnung karte|releve carte|prelevement carte|liquidacion tarjeta|
        pago tarjeta|addebito carta|fatura cartao|pagamento fatura|creditcard*|kredittkort|kreditkort|luottokortti*|splata karty|kredi karti*|カード引落*|信用卡还款|카드대금""",
    ),
    "transfer": (
        "",
        """transfer|transfers|transfer to*|transfer from*|funds transfer|internet transfer|online transfer|own transfer|to savings|from savings|savings transfer|to checking|from checking|umbuchung*|ubertrag*|uebertrag*|eigenubertrag|eigene konten|
        sparen|sparplan|dauerauftrag sparen|tagesgeld*|virement interne|virement compte a compte|epargne|livret*|traspaso*|transferencia entre cuentas|giroconto*|transferencia propria|eigen rekening|overboeking eigen|spaarrekening|
        spaaropdracht|egen overforing|eget konto|overforing mellem egne|sparkonto|sparande|oma tilisiirto|przelew wlasny|przelew srodkow|prevod mezi*|vlastni prevod|sajat szamla*|transfer intre conturi|virman|перевод между*|
        перевод собственных|העברה*|振替*|口座振替|转账*|이체*|zelle*|venmo*|cash app*|cashapp*|paypal transfer|paypal inst*|wise|transferwise|revolut*|twint|mobilepay*|vipps*|swish*|bizum*|mbway|blik|pix*|interac*|e transfer|
        ira|brokerage|investment broker|trade republic|scalable*|comdirect depot|depot|vanguard*|fidelity invest*|schwab*|etrade|robinhood*|stash*|acorns*|betterment|coinbase*|binance*|kraken|etoro*|degiro*|interactive brokers|
        bausparen|money market|share dealing*|wertpapier*|securities""",
    ),
    "loan": (
        "",
        """loan*|personal loan|student loan*|darlehen*|kredit|kreditrate|ratenkredit*|pret personnel|credit consommation|prestamo*|prestito*|rata|emprestimo*|lening*|lan|laina*|pozyczka|kredyt|uver|splatka uveru|hitel*|torleszto*|credit rata|
        kredi|кредит|погашение кредита|δανειο|הלוואה|ローン*|贷款*|대출*|affirm*|nelnet*|navient*|sallie mae|great lakes|mohela|upstart|lending*|lendingclub*|sofi|kikoff*|creditfresh*|oppfinanc*|oppfi|bnpl|portfolio recov*|cofidis|
        cetelem|sofinco|younited|santander consumer|targobank kredit|auxmoney|klarna finance|select portfolio""",
    ),
    "post": (
        "",
        """post office|usps*|royal mail|an post|deutsche post|dhl*|la poste|correos|poste italiane|postnl|postnord*|posti|poczta polska|ceska posta|ups|ups store|fedex*|hermes|dpd|gls|郵便*|邮政*|顺丰*|우체국""",
    ),
    "professional": (
        "",
        """lawyer|attorney|rechtsanwalt*|anwalt|notar*|avocat|notaire|abogado*|notario|avvocato|notaio|advogado|advocaat|advokat*|accountant*|steuerberater*|comptable|gestoria|commercialista|buchhaltung|consulting""",
    ),
}

"""Sentences in all languages but English: of voices cut from real people, and at the end those of espeak-ng alone."""

from __future__ import annotations

from llia.world.voice.texts_english import split

ITALIAN: tuple[str, ...] = split("""
Sì. | No. | Mah, forse. | Certo! | Davvero? | Prego. | Perché no? | Buongiorno, come stai oggi? | Abbiamo comprato un
bel vaso di fiori. | Mi piacerebbe vedere il mare domani. | Che bella sorpresa! | Dove hai messo il mio ombrello? | Il
bambino beve un bicchiere di latte. | Papà prepara la pasta con pomodoro e basilico. | La mamma ha portato un pacco
pieno di pane. | Vorrei prenotare un tavolo per due persone. | Fabio e Barbara vivono vicino al ponte vecchio. | Piove
da tre giorni e il fiume è molto alto. | Quanto costa questo libro? | Il treno parte alle sette e mezza. | Non capisco
perché nessuno risponda al telefono. | Domani mattina vado a fare la spesa al mercato. | Mio fratello suona il violino
in un'orchestra famosa. | Mi fa piacere sentire la tua voce. | Le mele di montagna sono buone e profumate. | Il vento
soffiava forte e muoveva le foglie. | Abbiamo visto un film bellissimo, ma troppo lungo. | Ho bevuto un buon caffè al
bar della piazza. | Chi ha rubato la bicicletta blu? | Sopra la panca la capra campa, sotto la panca la capra crepa. |
Non vedo l'ora di partire per le vacanze. | Attento, il pavimento è bagnato! | Cinquanta più cinquanta fa cento. | La
nonna ama i gatti, i fiori e la musica. | Puoi parlare più piano, per favore?
""")
ITALIAN_HELD_OUT: tuple[str, ...] = split("""
Buonasera a tutti e benvenuti. | Il postino ha bussato due volte alla porta. | Vuoi un po' di pane con il formaggio? |
La barca bianca passa sotto il ponte. | Nel bosco abbiamo trovato molti funghi. | Il professore parla sempre a bassa
voce. | Mia moglie preferisce il mare alla montagna. | Quando comincia la festa del paese? | Ho dimenticato il mio
cappello sul balcone. | Un uovo, due uova, tre uova. | Per fortuna nessuno si è fatto male. | La pioggia batte sui
vetri della finestra. | I bambini giocavano a palla nel campo. | Mamma mia, che freddo! | Il museo apre alle nove e
chiude alle cinque. | Potrebbe ripetere l'ultima frase, per favore? | Beviamo qualcosa di fresco prima di partire. |
La luna piena illuminava tutta la valle. | Sabato prossimo andiamo a pesca sul lago. | Il pompiere ha salvato un
piccolo gatto grigio. | Questo vino viene dalle colline vicino a Firenze. | Va bene, ci vediamo dopo pranzo.
""")
CATALAN: tuple[str, ...] = split("""
Sí. | No. | Potser. | I tant! | De debò? | Bon dia, com estàs? | Moltes gràcies per tot. | Avui fa molt bon temps. |
On has posat el meu paraigua? | El meu pare compra pa i formatge al mercat. | La nena beu un got de llet cada matí. |
M'agradaria veure el mar demà. | Plou des de fa tres dies i el riu baixa ple. | Quina sorpresa més bonica! | Quant val
aquest llibre? | El tren surt a les set i mitja. | La mare prepara una sopa amb molta verdura. | El meu germà toca el
piano i canta força bé. | No sé per què ningú no respon al telèfon. | Vam veure una pel·lícula molt divertida. | El
bosc és ple de bolets i de fulles mullades. | Pots parlar més a poc a poc, si us plau? | La barca blanca passa per
sota del pont. | Cinquanta i cinquanta fan cent. | El forner obre la botiga abans de les sis. | Els nens juguen a
pilota al camp. | Vigila, que el terra és moll! | La meva àvia estima els gats i les flors. | Bona nit i fins demà.
""")
CATALAN_HELD_OUT: tuple[str, ...] = split("""
Bona tarda a tothom i benvinguts. | El carter ha trucat dues vegades a la porta. | Vols una mica de pa amb tomàquet? |
Al bosc vam trobar molts bolets. | El professor parla sempre en veu baixa. | La meva dona prefereix el mar a la
muntanya. | Quan comença la festa del poble? | He oblidat el barret al balcó. | Per sort ningú no s'ha fet mal. | La
pluja pica als vidres de la finestra. | Mare meva, quin fred! | El museu obre a les nou i tanca a les cinc. | Podria
repetir l'última frase, si us plau? | Bevem alguna cosa fresca abans de marxar. | La lluna plena il·luminava tota la
vall. | Dissabte vinent anirem a pescar al llac. | El bomber va salvar un petit gat gris. | Aquest vi ve dels turons
de vora Figueres. | D'acord, ens veiem després de dinar. | Un ou, dos ous, tres ous. | La meva filla viu a prop del
port. | Vint-i-cinc persones van pujar a l'autobús.
""")
CZECH: tuple[str, ...] = split("""
Ano. | Ne. | Možná. | No ovšem! | Opravdu? | Dobrý den, jak se máte? | Mockrát děkuji za pomoc. | Dnes je venku moc
hezky. | Kam jsi dal můj deštník? | Maminka peče bábovku a voní celý byt. | Babička má ráda kočky, květiny a hudbu. |
Pavel a Věra bydlí vedle starého mostu. | Prosím vás, v kolik odjíždí vlak do Prahy? | Vlak odjíždí v sedm hodin a pět
minut. | Můj bratr hraje na housle ve velkém orchestru. | Včera jsme viděli veselý film o psech. | Kdo mi vypil kávu?
| To je ale překvapení! | Pozor, podlaha je mokrá! | Kolik stojí tahle kniha? | Na poli roste pšenice, mák a brambory.
| Nevím, proč nikdo nebere telefon. | Můžete mluvit trochu pomaleji? | Řeka po dešti stoupla o dva metry. | Přes řeku
vede dřevěný most. | Padesát a padesát je sto. | Ve vesnici je pekárna, hospoda a malý obchod. | Bílé lodě pluly pod
oblohou plnou mraků. | Půjdeme v pátek do divadla, nebo do kina? | Chtěl bych koupit dvě vstupenky. | Dobrou noc a na
shledanou. | Pět bílých holubů sedělo na věži.
""")
RUSSIAN: tuple[str, ...] = split("""
Да. | Нет. | Может быть. | Конечно! | Правда? | Добрый день, как ваши дела? | Большое спасибо за помощь. | Сегодня
очень хорошая погода. | Куда ты положил мой зонт? | Мама приготовила вкусный борщ. | Бабушка любит кошек, цветы и
музыку. | Павел и Вера живут возле старого моста. | Когда отходит поезд в Москву? | Поезд отходит в семь часов пять
минут. | Мой брат играет на скрипке в большом оркестре. | Вчера мы видели весёлый фильм про собак. | Какой приятный
сюрприз! | Осторожно, пол мокрый! | Сколько стоит эта книга? | Почему никто не берёт трубку? | Вы можете говорить
помедленнее? | После дождя река поднялась на два метра. | Белые лодки плыли под облаками. | Пятьдесят плюс пятьдесят
будет сто. | В деревне есть пекарня и маленький магазин. | Пойдём в пятницу в театр или в кино? | Я хотел бы купить
два билета. | Пять белых голубей сидели на башне. | Муж купил хлеб, молоко и помидоры. | Мне нужно подумать об этом. |
Вам повезло, это последний билет. | Спокойной ночи и до завтра.
""")
FINNISH: tuple[str, ...] = split("""
Kyllä. | Ei. | No, ehkä. | Totta kai! | Ihanko totta? | Hyvää huomenta, mitä kuuluu tänään? | Kiitos paljon avusta. |
Ulkona on tänään kaunis ilma. | Mihin panit minun sateenvarjoni? | Äiti leipoo pullaa ja koko talo tuoksuu. | Isoäiti
rakastaa kissoja, kukkia ja musiikkia. | Pekka ja Ville asuvat vanhan sillan vieressä. | Milloin juna lähtee
Helsinkiin? | Juna lähtee kello seitsemän ja viisi minuuttia. | Veljeni soittaa viulua suuressa orkesterissa. | Eilen
näimme hauskan elokuvan koirista. | Mikä yllätys! | Varo, lattia on märkä! | Paljonko tämä kirja maksaa? | Miksi
kukaan ei vastaa puhelimeen? | Voisitko puhua vähän hitaammin? | Sateen jälkeen joki nousi kaksi metriä. | Pöydällä on
öljyä, pippuria ja voita. | Viisikymmentä ja viisikymmentä on sata. | Kylässä on leipomo ja pieni kauppa. | Mennäänkö
perjantaina teatteriin vai elokuviin? | Haluaisin ostaa kaksi lippua. | Puussa istui viisi valkoista kyyhkystä. |
Puhuuko hän ruotsia vai venäjää? | Mummo pani mustikat muovimukiin. | Hyvää yötä ja näkemiin.
""")
HINDI: tuple[str, ...] = split("""
हाँ। | नहीं। | शायद। | बिलकुल! | सच में? | नमस्ते, आप कैसे हैं? | मुझे भूख लगी है। | आज मौसम बहुत अच्छा है। | मेरा
छाता कहाँ है? | माँ ने गरम खाना बनाया। | मेरे भाई को संगीत बहुत पसंद है। | पिताजी बाजार से फल और सबजी लाए। | यह किताब
कितने की है? | गाडी सुबह सात बजे चलती है। | कृपया थोडा धीरे बोलिए। | बारिश के बाद नदी का पानी बढ गया। | बच्चे मैदान
में खेल रहे हैं। | कल हमने एक मजेदार फिल्म देखी। | आपका बहुत बहुत धन्यवाद। | मैं कल सुबह वापस आऊँगा। | पाँच और पाँच दस
होते हैं। | गाँव में एक छोटी दुकान है। | क्या आप मेरी मदद करेंगे? | वाह, कितना सुंदर फूल है! | उसने मुझे कुछ नहीं
बताया। | हम सब मिलकर काम करेंगे। | दरवाजा बंद मत करो। | पुल के पास एक पुराना मंदिर है। | मुझे चाय में चीनी मत देना। |
शुभ रात्रि, कल मिलेंगे।
""")
TELUGU: tuple[str, ...] = split("""
అవును. | కాదు. | బహుశా. | సరే! | నిజమా? | నమస్కారం, మీరు ఎలా ఉన్నారు? | నాకు ఆకలిగా ఉంది. | ఈ రోజు వాతావరణం బాగుంది. |
నా గొడుగు ఎక్కడ ఉంది? | అమ్మ వేడి భోజనం వండింది. | మా తమ్ముడు బాగా పాడతాడు. | నాన్న బజారు నుంచి పండ్లు తెచ్చాడు. | ఈ
పుస్తకం ధర ఎంత? | బండి ఉదయం ఏడు గంటలకు వెళుతుంది. | దయచేసి నెమ్మదిగా మాట్లాడండి. | వాన తరువాత నది పొంగింది. | పిల్లలు
మైదానంలో ఆడుతున్నారు. | నిన్న మేము మంచి సినిమా చూశాము. | మీకు చాలా ధన్యవాదాలు. | నేను రేపు తిరిగి వస్తాను. | ఊరిలో ఒక
చిన్న అంగడి ఉంది. | మీరు నాకు సహాయం చేస్తారా? | ఎంత అందమైన పువ్వు! | అతను నాకు ఏమీ చెప్పలేదు. | మనం అందరం కలిసి పని
చేద్దాం. | తలుపు మూయవద్దు. | వంతెన పక్కన పాత గుడి ఉంది. | బాబు పాలు తాగి పడుకున్నాడు. | శుభ రాత్రి, రేపు కలుద్దాం.
""")
MARATHI: tuple[str, ...] = split("""
हो. | नाही. | कदाचित. | नक्की! | खरंच? | नमस्कार, तुम्ही कसे आहात? | मला भूक लागली आहे. | आज हवा खूप छान आहे. | माझी
छत्री कुठे आहे? | आईने गरम जेवण बनवले. | माझा भाऊ छान गातो. | बाबांनी बाजारातून फळे आणली. | हे पुस्तक केवढ्याला आहे? |
गाडी सकाळी सात वाजता सुटते. | कृपया थोडे हळू बोला. | पावसानंतर नदीला पूर आला. | मुले मैदानात खेळत आहेत. | काल आम्ही एक
मजेदार चित्रपट पाहिला. | तुमचे खूप खूप आभार. | मी उद्या परत येईन. | पाच आणि पाच दहा होतात. | गावात एक लहान दुकान आहे.
| तुम्ही मला मदत कराल का? | वा, किती सुंदर फूल! | त्याने मला काही सांगितले नाही. | आपण सगळे मिळून काम करू. | दार बंद
करू नका. | पुलाजवळ एक जुने मंदिर आहे. | शुभ रात्री, उद्या भेटू.
""")

# Languages that only espeak-ng speaks here.
MADE: dict[str, tuple[str, ...]] = {
    "es": split("""
Sí. | No. | Pues, quizás. | ¡Claro que sí! | ¿De verdad? | Hola, me alegro mucho de verte hoy. | Mañana vamos a
comprar pan y queso en el mercado. | No sé qué decirte, pero me parece una buena idea. | La música suave me ayuda a
pensar mejor. | ¿Dónde pusiste mi paraguas? | El bombero subió por la ventana de la fábrica. | Mi abuela vive cerca
del puente viejo. | ¿Cuánto vale este libro? | ¡Qué sorpresa tan bonita! | El tren sale a las siete y media. | Papá
prepara un buen plato de pescado. | Cincuenta más cincuenta son cien. | Hace mucho viento y las hojas vuelan. | Por
favor, hable un poco más despacio. | Nos vemos el viernes después de comer.
"""),
    "fr": split("""
Oui. | Non. | Bof, peut-être. | Bien sûr ! | Ah bon ? | Bonjour, je suis très heureux de vous voir. | Nous avons
acheté du pain frais ce matin. | Je pense que vous avez raison, bien sûr. | Peux-tu ouvrir la fenêtre, s'il te plaît ?
| Où as-tu mis mon parapluie bleu ? | Le pompier monta par la fenêtre du bureau. | Ma sœur veut un peu de beurre et
deux œufs. | Combien coûte ce livre ? | Quelle bonne surprise ! | Le train part à sept heures et demie. | Une lumière
brûlait au fond de la rue obscure. | Mon beau-frère joue de la flûte. | Il pleut, il vaut mieux prendre le bus. |
Pourriez-vous parler plus lentement ? | Bonne nuit, à demain.
"""),
    "de": split("""
Ja. | Nein. | Hm, vielleicht. | Natürlich! | Wirklich? | Guten Morgen, schön, dass du da bist. | Wir haben gestern
einen langen Spaziergang gemacht. | Könntest du bitte das Fenster öffnen? | Ich glaube, das ist eine wunderbare Idee.
| Wo hast du meinen Regenschirm gelassen? | Fünf bunte Vögel pfiffen früh am Morgen. | Meine Mutter kauft Brot, Butter
und Pfeffer. | Wie viel kostet dieses Buch? | Das ist ja eine schöne Überraschung! | Der Zug fährt um halb acht. |
Über der Brücke hing ein grüner Ballon. | Mein Bruder übt jeden Abend Flöte. | Die Bäume im Hof blühen schöner als je
zuvor. | Bitte sprechen Sie etwas langsamer. | Gute Nacht und bis morgen.
"""),
    "pt": split("""
Sim. | Não. | Bem, talvez. | Claro! | É mesmo? | Bom dia, tudo bem com você? | Vamos comer pão com manteiga e beber
café. | Eu acho que é uma boa ideia. | Onde está o meu guarda-chuva? | O bombeiro subiu pela janela da fábrica. | A
minha avó mora perto da ponte velha. | Quanto custa este livro? | Que bela surpresa! | O comboio parte às sete e meia.
| O meu irmão toca viola muito bem. | Boa noite e até amanhã.
"""),
    "nl": split("""
Ja. | Nee. | Nou, misschien. | Natuurlijk! | Echt waar? | Goedemorgen, wat leuk om je te zien. | We wandelen vandaag
door het oude bos. | Waar heb je mijn paraplu gelaten? | Mijn broer speelt al vijf jaar viool. | Hoeveel kost dit
boek? | Wat een mooie verrassing! | De trein vertrekt om half acht. | Mijn moeder koopt brood, boter en appels. | De
boot vaart onder de brug door. | Praat alsjeblieft wat langzamer. | Goedenacht en tot morgen.
"""),
    "pl": split("""
Tak. | Nie. | No, może. | Oczywiście! | Naprawdę? | Dzień dobry, bardzo miło cię widzieć. | Proszę powiedzieć mi coś
więcej. | Gdzie jest mój parasol? | Mój brat gra na skrzypcach. | Ile kosztuje ta książka? | Co za miła niespodzianka!
| Pociąg odjeżdża o wpół do ósmej. | Mama kupuje chleb, masło i pomidory. | Łódka płynie pod mostem. | Proszę mówić
trochę wolniej. | Dobranoc i do jutra.
"""),
    "sv": split("""
Ja. | Nej. | Tja, kanske. | Naturligtvis! | God morgon, hur mår du idag? | Vi bor i ett stort gult hus. | Var har du
lagt mitt paraply? | Min bror spelar fiol. | Hur mycket kostar boken? | Vilken fin överraskning! | Tåget går halv
åtta. | Mamma köper bröd, smör och päron. | God natt och på återseende.
"""),
    "nb": split("""
Ja. | Nei. | Tja, kanskje. | Selvfølgelig! | God morgen, hvordan har du det? | Vi bor i et stort gult hus. | Hvor er
paraplyen min? | Broren min spiller fiolin. | Hvor mye koster boken? | For en fin overraskelse! | Toget går halv åtte.
| Mamma kjøper brød, smør og pærer. | God natt.
"""),
    "da": split("""
Ja. | Nej. | Tja, måske. | Selvfølgelig! | Godmorgen, hvordan har du det? | Vi bor i et stort gult hus. | Hvor er min
paraply? | Min bror spiller violin. | Hvor meget koster bogen? | Sikke en dejlig overraskelse! | Toget kører halv
otte. | Mor køber brød, smør og pærer. | Godnat.
"""),
    "tr": split("""
Evet. | Hayır. | Belki. | Tabii ki! | Gerçekten mi? | Merhaba, bugün nasılsın? | Bence bu çok güzel bir fikir. |
Şemsiyemi nereye koydun? | Kardeşim çok iyi keman çalar. | Bu kitap ne kadar? | Ne güzel bir sürpriz! | Tren yedi
buçukta kalkıyor. | Annem ekmek, peynir ve domates aldı. | Küçük köpek köprünün üstünde uyuyor. | Biraz daha yavaş
konuşur musunuz? | İyi geceler, yarın görüşürüz.
"""),
    "hu": split("""
Igen. | Nem. | Hát, talán. | Persze! | Jó reggelt, hogy vagy ma? | Hová tetted az esernyőmet? | A bátyám hegedül. |
Mennyibe kerül ez a könyv? | Micsoda kellemes meglepetés! | A vonat fél nyolckor indul. | Anyu kenyeret, vajat és
barackot vett. | A fiú a híd alatt bukkant fel. | Jó éjszakát.
"""),
    "el": split("""
Ναι. | Όχι. | Ίσως. | Φυσικά! | Καλημέρα, τι κάνεις σήμερα; | Πού έβαλες την ομπρέλα μου; | Ο αδελφός μου παίζει
βιολί. | Πόσο κάνει αυτό το βιβλίο; | Τι όμορφη έκπληξη! | Το τρένο φεύγει στις επτά και μισή. | Η μαμά πήρε ψωμί,
βούτυρο και ντομάτες. | Το παιδί παίζει μπάλα. | Καληνύχτα.
"""),
    "ro": split("""
Da. | Nu. | Păi, poate. | Sigur! | Bună dimineața, ce mai faci? | Unde mi-ai pus umbrela? | Fratele meu cântă la
vioară. | Cât costă cartea asta? | Ce surpriză plăcută! | Trenul pleacă la șapte și jumătate. | Mama a cumpărat pâine,
unt și pepene. | Băiatul fuge pe sub pod. | Noapte bună.
"""),
    "uk": split("""
Так. | Ні. | Мабуть. | Звичайно! | Добрий день, як ваші справи? | Де моя парасолька? | Мій брат грає на скрипці. |
Скільки коштує ця книга? | Який приємний сюрприз! | Поїзд вирушає о сьомій тридцять. | Мама купила хліб, масло і
помідори. | Біля мосту пливе білий човен. | На добраніч.
"""),
    "id": split("""
Ya. | Tidak. | Mungkin. | Tentu saja! | Selamat pagi, apa kabar hari ini? | Di mana payung saya? | Adik saya pandai
bermain biola. | Berapa harga buku ini? | Wah, kejutan yang bagus! | Kereta berangkat pukul setengah delapan. | Ibu
membeli roti, mentega dan pepaya. | Perahu itu lewat di bawah jembatan. | Selamat malam.
"""),
}

"""The names of the months in many languages, and short forms of them."""

from __future__ import annotations

from dashboard.statements.table.vocabulary import fold

# A name that two languages give to different months stands where most people mean it; the other dates of the file decide.
_NAMES = (
    """january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuu tammi styczen stycznia sty leden ledna jaanuar
    sausio janvaris ocak oca января янв ianuarie ian januara ιαν gener janar sichnya січня януари јануари јан jaan ianouarios
    ιανουαριου ינואר يناير""",
    """february feb februar fevrier fevr fev febrero febbraio fevereiro februari helmikuu helmi luty lutego lut unor unora veebruar
    vasario subat sub февраля фев februarie februara φεβ febrer shkurt shk лютого февруари феб veebr φεβρουαριου פברואר فبراير""",
    """march mar marz maerz mrz mars marzo marco maart maaliskuu maalis marzec marca brezen brezna marts kovo mart mrt марта мар martie
    μαρ marc maret mac martius березня март marcius μαρτιου מרץ מרס مارس""",
    """april apr avril avr abril abr aprile aprill huhtikuu huhti kwiecien kwietnia kwi duben dubna balandzio nisan nis апреля апр
    aprilie aprilis aprila απρ prill pri квітня април απριλιου אפריל ابريل""",
    """may mai mayo maggio mag maio mei toukokuu touko maj maja kveten kvetna geguzes mayis мая май maijs majus μαι maig травня мај
    μαιου מאי مايو""",
    """june jun juni juin junio giugno giu junho kesakuu kesa czerwiec czerwca cze cerven cervna juuni birzelio haziran haz июня июн
    iunie junijs junius juna ιουν juny qershor qer червня юни јун ιουνιου יוני يونيو""",
    """july jul juli juillet juil julio luglio lug julho heinakuu heina lipiec lipca lip cervenec cervence juuli liepos temmuz tem июля
    июл iulie julijs julius jula ιουλ juliol korrik kor липня юли јул ιουλιου יולי يوليو""",
    """august aug aout agosto ago augustus elokuu elo sierpien sierpnia sie srpen srpna rugpjucio agustos agu августа авг augusti
    augusts augusztus avgust avgusta αυγ agost gusht gus ags ogos agust серпня avg август αυγουστου אוגוסט اغسطس""",
    """september sep sept septembre septiembre settembre set setembro syyskuu syys wrzesien wrzesnia wrz zari rugsejo eylul eyl
    сентября сен septembrie septembris szeptember σεπ setembre shtator sht szept вересня септември сеп σεπτεμβριου ספטמבר سبتمبر""",
    """october oct oktober okt octobre octubre ottobre ott outubro out lokakuu loka pazdziernik pazdziernika paz rijen rijna oktoober
    spalio ekim eki октября окт octombrie oktobris oktobar οκτ tetor tet жовтня октомври οκτωβριου אוקטובר اكتوبر""",
    """november nov novembre noviembre novembro marraskuu marras listopad listopada lis listopadu lapkricio kasim kas ноября ноя
    noiembrie novembris νοε nentor nen nandor листопада ноември ное νοεμβριου נובמבר نوفمبر""",
    """december dec dezember dez decembre diciembre dic dicembre dezembro desember des joulukuu joulu grudzien grudnia gru prosinec
    prosince detsember gruodzio aralik ara декабря дек decembrie decembris δεκ desembre dhjetor dhj dis грудня декември δεκεμβριου
    דצמבר ديسمبر""",
)
MONTHS = {fold(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()}

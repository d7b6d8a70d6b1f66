"""Formal names and what their bearers are called."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sharing.matching.names import CACHE

# Entries end at a semicolon: the formal name, then its short forms, spellings and equivalents abroad.
_TABLE = """
aaron ron ronnie erin ari; abigail abby abbie gail abbi; abraham abe bram abram ibrahim avraham; adam ad addy;
adelaide addie della heidi ada; adrian ade; agnes aggie nessa; alan al allan allen alun; albert al bert bertie
alberto; alexander alex al alec sandy xander sasha lex alejandro aleksandr alexandr aleksander alessandro alexandre
alexandros iskander; alexandra alex sandra sandy lexi lexie sasha alexa ali aleksandra alejandra alessandra
oleksandra; alexis lexi lexie alex; alfred al fred alf alfie freddie freddy alfredo; alice allie ali alicia; alison
allie ali allison alyson; amanda mandy manda; amelia amy millie mel amalia; anastasia stacy stacey ana nastya stasia;
andrea andi andy drea; andrew andy drew andre andreas andrei andrzej andres andriy; angela angie angel angelina; anita
annie nita; ann annie anne nan nancy anna ana anya hannah hanna; annette annie nettie; anthony tony ant anton antonio
antoine toni; antoinette toni nettie tonya; antonia toni tonia; april apryl; archibald archie; arlene lena; arnold
arnie; arthur art artie arturo; ashley ash ashleigh; augustus gus august augie augustin agustin; barbara barb babs
barbie bobbie basia; bartholomew bart barth; beatrice bea bee trixie beatriz beatrix; belinda bel linda; benedict ben
bennie; benjamin ben benny benji benjy bennie binyamin; bernadette bernie detta; bernard bernie barney bernardo
bernhard; bertha bertie; bertram bert; beth liz; beverly bev beverley; bonita bonnie; bradford brad; bradley brad;
brenda bren; brendan bren; brian bryan bryant; bridget biddy bridie birgit brigitte; brittany brit britt britney
brittney; caleb cal; calvin cal vin; cameron cam; camille cammie millie camila; candace candy candi dace candice; carl
karl carlos karel carlo charles; carla karla; carmen carm; carol carole carrie caryl; caroline carrie carol lynn
carolyn karolina carolina; casimir kazimierz casey; cassandra cassie sandra sandy cass; catherine cathy kate katie
kathy cat cath kit kitty katherine katharine kathryn cathryn kathrine cate kay kat trina rina catalina katarzyna
ekaterina katerina catarina kathleen; cecilia cece celia cissy sissy cecile cecily; charlene charlie; charles charlie
chuck chas chip chaz charley carlos karl karol carl; charlotte charlie lottie char carlotta; chester chet; christian
chris kristian cristian; christina chris christy tina chrissy christine kristina kristine christie krista kristy
kristen kirsten cristina krystyna; christopher chris kit topher kris kristopher christoph christophe cristobal
krzysztof kristoffer; clarence clare; clarissa clara rissa; clayton clay; clement clem; clifford cliff; clifton cliff;
clinton clint; colin col; constance connie; corey cory; cornelius neil con corny; courtney court; craig craigie;
curtis curt kurt; cynthia cindy cyndi cindi; dale dal; daniel dan danny dani danilo daniil danya; danielle dani
daniela daniella; daphne daph; darlene darla; darrell darryl daryl; david dave davey davy davide dawid davit; dean
dino; deborah deb debbie debra debby debi; delbert del bert; delores dee lola dolores lori; demetrius dimitri dmitri
dmitry dima; denise dee denny; dennis denny den denis; derek derrick rick; diana di diane dianne dee; dominic dom nick
dominick domenico dominik; donald don donnie donny; donna donnie; dorothy dot dottie dolly dory dora dorothea; douglas
doug; duncan dunc; dustin dusty; dwight ike; earl earle; edgar ed eddie; edith edie; edmund ed eddie ned ted edmond;
edward ed eddie ned ted teddy eduardo edouard eduard edwardo; edwin ed eddie ned; eileen aileen; elaine lainie laney
ellie; eleanor ellie nell nora lenora elena ella eleanora leonora; elijah eli lige elias; elizabeth liz beth betty
eliza lizzie betsy bess bessie libby lisa elisabeth bette elise ellie elsie liza lise elisa elzbieta isabel ilse
babette; ella ellie; ellen ellie nell nellie helen elena; elliot eli elliott; elmer el; emanuel manny manuel emmanuel;
emily em emmy millie emilia; emma em emmie; eric rick ricky erik erich; erica ricki rikki erika; ernest ernie ernesto
ernst; esther essie hester ester; ethan eth; eugene gene eugenio evgeny yevgeny; eugenia gena genie; eva eve evie ewa;
evelyn evie eve; ezekiel zeke; ezra ez; felicia fel felicity; ferdinand ferdie fernando; florence flo flossie florrie;
frances fran francie frankie fanny francesca francisca franny; francis frank fran francisco francesco francois
franciszek franz; franklin frank; frederick fred freddie freddy rick fritz frederic fredrick federico friedrich
fryderyk; gabriel gabe gabby gavriel; gabrielle gabby gabi gaby elle gabriella gabriela brie; gail gale gayle; gareth
gary; garrett gary garry; gary garry; geoffrey geoff jeff jeffrey; george georgie jorge georg georgios giorgio jerzy;
georgia georgie gina georgina georgette georgiana; gerald gerry jerry gerard gerhard gerardo; geraldine gerry gerri
jerry dina; gertrude gert trudy gertie; gilbert gil bert gilberto; gillian gill jill jilly; gloria glo; gordon gordy
gord; grace gracie graciela; gregory greg gregg grzegorz grigory gregor; gretchen gret margaret; griffin griff;
guadalupe lupe; guillermo memo william; gustave gus gustavo gustaf gustav; gwendolyn gwen wendy gwendoline; hannah
hanna anna ann; harold hal harry harald; harriet hattie harrie hetty; harrison harry; harvey harv; hayley haley
hailey; heather hettie; helen nell nellie ellen helena elena lena helene eleni; henrietta etta hettie hetty; henry
hank harry hal enrique henri heinrich henryk hendrik enrico; herbert herb bert herbie; herman herm manny; hilary hil
hillary; hiram hi; homer hom; howard howie; hubert hugh bert hugo; hugh hughie hugo; ian iain; ignatius iggy ignacio
nacho; imogen immy; ingrid inga; irene rena renie irina; isaac ike zac isaak yitzhak; isabel izzy bella belle isabella
isabelle izabella ysabel isobel; isaiah ike zay; israel izzy; ivan john vanya; jacob jake jay jacobo jakob jakub
yaakov; jacqueline jackie jacqui jacquelyn jaclyn; james jim jimmy jamie jem jaime jimmie jas; jamie jaime; jane janie
jan jenny janet; janet jan jannie nettie; janice jan; jasmine jazz jas jazmin yasmin; jason jay jase; jay jason; jean
jeanie jeannie jeanne jeanette; jeanette jean nettie jeannette; jeffrey jeff geoff jeffery geoffrey; jennifer jen
jenny jenn jennie; jeremiah jerry jem jeremy; jeremy jem jerry jez; jerome jerry rome; jesse jess; jessica jess jessie
jesse; jill gill gillian; jo joanne joann joanna joan joanie johanna; joanna jo joan joanne anna; joel joe; john jack
johnny jon jackie johnnie juan giovanni ivan johann johannes hans jan ioannis yohanan; jonathan jon johnny john nathan
jonathon johnathan jonny; jordan jordy jory; joseph joe joey jos jose giuseppe josef jozef yosef youssef yusuf jody
pepe osip; josephine jo josie fina josefina josefa; joshua josh josue yehoshua; joy joyce; joyce joy; juan john;
juanita nita juana; judith judy judi jude; julia julie jules juliana giulia yulia; julian jules julio; julie jules
jill juliet; juliet jules julie juliette; julius jules julio; justin just justus; justine tina; karen kari karin
caren; katelyn kate katie kaitlyn caitlin kaitlin cait; kathleen kathy kath kay kate katie cathleen kit; katrina kat
trina katie; keith kei; kelly kel kelley kellie; kelsey kel; kendall ken kenny; kenneth ken kenny; kent ken; kerry
kerri; kevin kev; kimberly kim kimmy kimberley kimmie; kirk kirkland; kristen kris kristi kristin kirsten krista; kyle
ky; laura laurie lori lora; lauren laurie lori ren lauryn loren; laurence larry laurie lawrence lars lorenzo lawrie
loren lonnie; lavinia vinnie; leah lea; lee leigh; leo leon lev; leonard len lenny leo leon leonardo; leroy lee roy;
leslie les lesley; lester les; lewis lew louis; lillian lily lil lilly lillie liliana lilian; lily lil lilly; linda
lindy lyn lynn lynda; lindsay lin lindsey linz; lisa liza; lloyd loyd; logan loge; lois lo; lori lorraine laurie
lorrie; lorraine lori raine rainy; louis lou louie lewis luis luigi ludwig; louise lou lulu luisa louisa; lucas luke
luc luca lukas lukasz; lucille lucy lou lu; lucinda lucy cindy; lucy lu luz lucia lucie; luis lou louis; luther lu;
lydia lyddie; lynn lyn lynne; mackenzie mac kenzie mckenzie; madeline maddie maddy madelyn madeleine magdalena
madison; magdalena magda lena maggie; malcolm mal mac; manuel manny manolo emanuel; marcia marcy marsha; marcus mark
marc marco marek marcos markus; margaret maggie meg peggy marge margie rita greta daisy madge margo margot may molly
peg gretchen margarita marguerite malgorzata margaretha margery marjorie; maria mary mia marie mariah maryam; marian
mary marianne; marilyn mary lynn marilynn; marion mary; marjorie marge margie marjory margery margaret; mark marc
marco marek marcus; marlene marla lena; marshall marsh; martha marty mattie patty marta; martin marty martyn marcin;
marvin marv; mary molly polly mae mamie may mitzi maria marie maryann mia miriam maureen moira maura; maryann mary
maryanne; mathilda mattie tilly matilda tillie; matthew matt matty mat mateo matthias mathew mateusz matteo matvei
mathieu; maureen mo reenie; maurice mo morris moe mauricio; maximilian max maksymilian maximiliano; maxine max;
maxwell max; megan meg meghan meaghan; melanie mel melly; melinda mindy linda mel; melissa missy mel lissa lisa;
melvin mel; mercedes mercy; meredith merry; michael mike mick mickey mikey micky miguel mitch michal mikhail michel
michele mikael mihail misha micah mischa; michelle shelly mickey shell michele chelle; mildred millie milly; miles
milo myles; minerva minnie; miranda mandy randi; miriam mimi mitzi mary; mitchell mitch; mohammed mohamed muhammad mo
mohammad mohamad muhammed mehmet mohd mhmd; monica moni monika; morgan mo; morris mo maurice; moses moe mo moshe
moises; muriel mur; myron ron; nancy nan nance; naomi nomi noemi; natalie nat nattie natalia natalya natasha nataliya;
natasha tasha nat; nathan nate nat; nathaniel nate nat nathan nathanael; neil neal niall; nelson nels; nicholas nick
nicky nico klaus nicolas nikolai nikolas nicola mikolaj nikos nickolas; nicole nikki nicky nic nicolette nichole cole;
noah noe; norbert bert; norma normie; norman norm; olga olya; oliver ollie olivier; olivia liv livvy ollie livia; omar
umar; orlando lando; oscar ozzie oskar; oswald ozzie; owen owain; pamela pam pammy; patricia pat patty tricia trish
patsy patti patrice; patrick pat paddy patricio patryk padraig; paul paulie pablo paolo pawel pavel; paula pauline
polly paulina; pauline paula polly; pearl pearlie; penelope penny pen; percival percy; peter pete pedro pierre piotr
pyotr petr pietro petros; philip phil pip phillip felipe philippe filip; phoebe pheebs; phyllis phyl; preston pres;
priscilla cilla prissy; quentin quin quinn; rachel rae ray shelly rachael raquel; rafael rafe raf raphael; ralph rafe
rolf; ramona mona; randall randy rand randal; randolph randy; raymond ray raymundo ramon; rebecca becky becca beck bec
rebekah rivka; regina gina reggie; reginald reg reggie; rene renee; renee rene; reuben rube ruben; rex reginald;
rhonda ronda; ricardo rick richard; richard rick dick rich richie ricky ricardo riccardo ryszard rico ritchie; rita
margarita; robert bob rob bobby robbie bert robin roberto rupert robby; roberta bobbie robbie berta; roberto beto
robert; robin rob robyn; roderick rod rick rodrigo; rodney rod; roger rog rogelio rodger; roland rollie rolland
orlando; ronald ron ronnie ronny; rosa rose rosie; rosalind roz rosie rosalyn; rose rosie rosa; rosemary rose rosie
romy rosemarie; roxanne roxy rox roxane; roy leroy; rudolph rudy rudolf rodolfo; russell russ rusty russel; ruth
ruthie; ryan ry; sabrina brina; salvatore sal salvador; samantha sam sammy mandy; samuel sam sammy shmuel samuil;
sandra sandy sandi cassandra; sarah sally sadie sara sarita; savannah savvy; scott scotty scot; sean shaun shawn
shane; sebastian seb bas bash; seth set; shannon shan; sharon shari sherry sharron; shawn sean shaun; sheila shelia
sheela; shelby shel; sheldon shel shelly don; shirley shirl; sidney sid sydney syd; simon si simeon shimon szymon;
sofia sophie sophia sofie zofia; solomon sol sal; sophia sophie sofia soph; stacy stacey staci; stanley stan
stanislaw; stella estelle; stephanie steph stevie steffi stefanie stephany; stephen steve stevie steven stefan esteban
stephane steffen stepan szczepan; stuart stu stewart; susan sue susie suzie suzy susanna susannah suzanne zuzanna
sukie; suzanne sue suzie suzy susan; sylvester sly vester; sylvia syl silvia; tabitha tabby; tamara tammy tam tamra
toma; tammy tami tammie; tanya tania tatiana; tatiana tanya tania tatyana; taylor tay; terence terry terrence
terrance; teresa terry tess tessa tracy theresa reese terri therese tessie resa; thaddeus thad tad ted; thelma thel;
theodora dora theo teddy; theodore ted teddy theo ned teodor feodor fyodor teodoro; thomas tom tommy thom tomas tomasz
tommaso; tiffany tiff tiffani; timothy tim timmy timofey; tobias toby tobiah; todd tod; tracy tracey traci tracie;
travis trav; trevor trev; tristan tris; tyler ty; tyrone ty; ursula uschi; valentina val tina; valerie val valeria;
vanessa nessa van; vaughn vaughan; vera vee; vernon vern; veronica ronnie roni vera nika weronika; victor vic vick
viktor vittorio wiktor; victoria vicky vicki tori vickie vikki viktoria wiktoria; vincent vince vinnie vin vinny
vicente vincenzo wincenty; viola vi; violet vi; virgil virg; virginia ginny ginger gina ginnie; vivian viv vivi
vivienne; vladimir vlad vova volodymyr wlodzimierz; wallace wally; walter walt wally wat walther; wanda wendy; warren
ren; wendell wen; wendy wen; wesley wes; wilbert will bert; wilbur will; wilfred will fred wilf wilfredo; wilhelmina
mina billie willa minnie; willard will; william bill billy will willie willy liam guillermo wilhelm guillaume wm;
willis will bill; winifred winnie freda win; winston win winnie; woodrow woody; xavier xav javier; yolanda yoli;
yvonne vonnie evonne; zachary zach zack zak zachariah zac zachery; zoe zoey zoya
"""


def _roots() -> dict[str, frozenset[str]]:
    roots: dict[str, set[str]] = {}
    for entry in _TABLE.split(";"):
        formal, *others = entry.split()
        for name in (formal, *others):
            roots.setdefault(name, set()).add(formal)
    return {name: frozenset(formals) for name, formals in roots.items()}


ROOTS: Mapping[str, frozenset[str]] = MappingProxyType(_roots())


@lru_cache(CACHE)
def roots(name: str) -> frozenset[str]:
    """The formal names that a folded first name may stand for; itself where the table knows it not.

    Two names agree by nickname where they share a root: Bill and William, Peggy and Margaret.
    """
    if not name:
        return frozenset()
    return ROOTS.get(name) or frozenset((name,))

//! Short and familiar forms of given names. Called when names are read; refuses to guess names that are not listed.

/// Names that one person may go by, the full form first. English mostly, with common German, French and Spanish forms.
const FORMS: &[&str] = &[
    "abigail abby gail",
    "abraham abe",
    "albert al bert bertie",
    "alexander alex alec sandy sasha",
    "alexandra alex lexi sandra",
    "alfred alf alfie fred",
    "alison ali",
    "amanda mandy",
    "andrew andy drew",
    "andreas andy",
    "angela angie",
    "anne ann anna annie nancy",
    "anthony tony",
    "antonio toni",
    "arthur art artie",
    "barbara barb babs",
    "benjamin ben benny",
    "bernard bernie",
    "beatrice bea trixie",
    "bradley brad",
    "calvin cal",
    "caroline carol carrie",
    "catherine kate cathy kathy katie kitty cate katherine kathryn",
    "charles charlie chuck chas carl karl",
    "charlotte lottie charlie",
    "christian chris",
    "christina tina chrissy chris christine",
    "christopher chris kit topher",
    "clifford cliff",
    "cynthia cindy",
    "daniel dan danny",
    "david dave davey",
    "deborah deb debbie",
    "dominic dom nick",
    "donald don donnie",
    "dorothy dot dottie dolly",
    "douglas doug",
    "edward ed eddie ted teddy ned",
    "eleanor ellie nell nora",
    "elizabeth liz beth betty lizzie eliza elisabeth betsy libby",
    "emily em emmy",
    "emma em",
    "ernest ernie",
    "eugene gene",
    "evelyn evie",
    "florence flo",
    "frances fran fanny",
    "francis frank fran",
    "francisco paco pancho",
    "franklin frank",
    "frederick fred freddie freddy",
    "friedrich fritz",
    "gabriel gabe",
    "gabrielle gabby",
    "geoffrey geoff jeffrey jeff",
    "gerald gerry jerry",
    "gerard gerry",
    "gregory greg",
    "guillermo memo",
    "harold harry hal",
    "harriet hattie",
    "heinrich heinz",
    "helen nell nellie",
    "henry harry hank hal",
    "herbert herb bert",
    "hans johannes johann",
    "hugh hughie",
    "isaac ike",
    "isabella bella izzy isabel",
    "jacob jake jakob",
    "jacqueline jackie",
    "james jim jimmy jamie jem",
    "jane janie jenny",
    "janet jan",
    "jennifer jen jenny",
    "jeremy jerry",
    "jessica jess jessie",
    "joan joanie",
    "john jack johnny jon",
    "jonathan jon jonny",
    "josef sepp",
    "jose pepe",
    "joseph joe joey",
    "josephine jo josie",
    "joshua josh",
    "juergen jurgen",
    "judith judy",
    "julia julie",
    "kenneth ken kenny",
    "kimberly kim",
    "kristina kris",
    "lawrence larry laurie laurence",
    "leonard len lenny leo",
    "leslie les",
    "lillian lily",
    "louis lou louie",
    "louise lou",
    "lucy lucie lucinda",
    "ludwig lutz",
    "madeleine maddy madeline",
    "margaret maggie meg peggy marge margie greta rita",
    "maria mary mia",
    "martha marty",
    "martin marty",
    "mary molly polly may",
    "matilda tilly",
    "matthew matt matty",
    "maximilian max",
    "maxwell max",
    "michael mike mick micky mickey",
    "michelle shelly",
    "mitchell mitch",
    "mohammed mohamed muhammad mohammad",
    "nathaniel nathan nate nat",
    "nicholas nick nicky nicolas",
    "nicole nicky",
    "olivia liv livvy",
    "oliver ollie",
    "pamela pam",
    "patricia pat patty tricia trish",
    "patrick pat paddy",
    "peter pete",
    "philip phil phillip",
    "rachel rae",
    "raymond ray",
    "rebecca becky becca",
    "richard rick dick rich richie ricky",
    "robert rob bob bobby robbie bert",
    "roberta bobbie",
    "rodney rod",
    "roger rodge",
    "ronald ron ronnie",
    "rosemary rose rosie",
    "russell russ",
    "samantha sam",
    "samuel sam sammy",
    "sarah sally sara sadie",
    "sebastian seb bastian",
    "sophia sophie",
    "stanley stan",
    "stephanie steph",
    "stephen steve stevie steven",
    "stuart stu stewart",
    "susan sue susie suzie suzanne",
    "sylvester sly",
    "terence terry",
    "theodore ted teddy theo",
    "theresa terry tess tessa teresa",
    "thomas tom tommy",
    "timothy tim timmy",
    "valerie val",
    "vanessa nessa",
    "veronica ronnie",
    "victor vic",
    "victoria vicky tori vic",
    "vincent vince vinnie",
    "virginia ginny",
    "walter walt wally",
    "wilhelm willi",
    "william bill billy will willie liam",
    "winifred winnie",
    "zachary zach zack",
];

/// The groups that a folded given name belongs to, as bits of up to four group numbers from 1 (8 bits each, 0 is none).
///
/// Two names are forms of one another when they share a group: "bill" and "will" do, "bob" and "rob" do.
pub fn groups(name: &str) -> u32 {
    if name.len() < 2 || name.len() > 12 {
        return 0;
    }
    let mut found = 0_u32;
    for (group, forms) in (1_u32..).zip(FORMS) {
        if found >> 24 == 0 && forms.split(' ').any(|form| form == name) {
            found = found << 8 | group;
        }
    }
    found
}

/// Whether two names of these groups can be forms of one another.
pub fn share(a: u32, b: u32) -> bool {
    let of = |groups: u32| groups.to_le_bytes();
    of(a).iter().any(|group| *group != 0 && of(b).contains(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn familiar_forms_share_a_group_and_strangers_do_not() {
        for (a, b) in
            [("bill", "william"), ("bob", "robert"), ("kate", "catherine"), ("bill", "will"), ("harry", "henry")]
        {
            assert!(share(groups(a), groups(b)), "{a} {b}");
        }
        for (a, b) in [("bill", "robert"), ("nobody", "nobody"), ("", ""), ("kate", "helen")] {
            assert!(!share(groups(a), groups(b)), "{a} {b}");
        }
    }

    #[test]
    fn every_group_has_a_number_of_its_own() {
        assert!(FORMS.len() < 256);
        assert!(FORMS.iter().all(|forms| forms.split(' ').count() > 1));
    }
}

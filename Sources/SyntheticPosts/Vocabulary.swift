import Posts

/// The values that posts are made of, with the original's proportions.
///
/// The original's producer gives 89,999 user ids at random; its values, ranges and shares were taken
/// from 5,000 of its messages.
enum Vocabulary {
  /// A network: its name, its own post types, and its likes in percent of Twitter's.
  struct Platform {
    let name: ExactString
    let postTypes: [ExactString]
    let likesPercent: Int
  }

  static let platforms = [
    Platform(
      name: "Twitter", postTypes: ["tweet", "retweet", "reply", "quote"], likesPercent: 100),
    Platform(
      name: "Facebook", postTypes: ["post", "story", "share", "video"], likesPercent: 120),
    Platform(
      name: "Instagram", postTypes: ["post", "story", "reel", "carousel"], likesPercent: 150),
    Platform(
      name: "LinkedIn", postTypes: ["post", "article", "share", "poll"], likesPercent: 80),
    Platform(name: "TikTok", postTypes: ["video", "duet", "stitch"], likesPercent: 200),
    Platform(
      name: "YouTube", postTypes: ["video", "short", "community_post"], likesPercent: 130),
  ]

  /// A topic: its hashtags, and the one that only its bursts have.
  struct Topic {
    let name: ExactString
    let hashtags: [Hashtag]
    let burstHashtags: [Hashtag]
    /// Every ordered choice of `hashtags`, by how many were chosen less one. They are made once, for a
    /// post that takes a ready array allocates nothing.
    let choices: [[[Hashtag]]]

    init(_ name: ExactString, _ hashtags: [String], bursts: [String]) {
      self.name = name
      let hashtags = hashtags.compactMap { Hashtag($0) }
      self.hashtags = hashtags
      burstHashtags = bursts.compactMap { Hashtag($0) }
      var choices = [hashtags.map { [$0] }]
      for _ in hashtags.dropFirst() {
        let shorter = choices[choices.count - 1]
        choices.append(
          shorter.flatMap { chosen in
            hashtags.filter { !chosen.contains($0) }.map { chosen + [$0] }
          })
      }
      self.choices = choices
    }
  }

  static let topics = [
    Topic(
      "Technology", ["#Tech", "#AI", "#Innovation", "#Coding", "#Startup"],
      bursts: ["#LaunchDay", "#BigOutage", "#DevConf"]),
    Topic(
      "Business", ["#Business", "#Entrepreneur", "#Marketing", "#Sales", "#Leadership"],
      bursts: ["#EarningsDay", "#MergerNews", "#PitchNight"]),
    Topic(
      "Entertainment", ["#Movies", "#Music", "#Gaming", "#Netflix", "#Concert"],
      bursts: ["#AwardNight", "#SeasonFinale", "#TourDates"]),
    Topic(
      "Sports", ["#Sports", "#NBA", "#Soccer", "#Fitness", "#Training"],
      bursts: ["#CupFinal", "#TransferDay", "#LastMinuteGoal"]),
    Topic(
      "Food", ["#Foodie", "#Cooking", "#Recipe", "#Restaurant", "#Vegan"],
      bursts: ["#BakeOff", "#StreetFoodWeek", "#SecretMenu"]),
    Topic(
      "Travel", ["#Travel", "#Adventure", "#Vacation", "#Explore", "#Wanderlust"],
      bursts: ["#LongWeekend", "#NorthernLights", "#CheapFlights"]),
    Topic(
      "Fashion", ["#Fashion", "#Style", "#OOTD", "#Streetwear", "#Luxury"],
      bursts: ["#FashionWeek", "#RedCarpet", "#DropDay"]),
    Topic(
      "Health", ["#Health", "#Wellness", "#Fitness", "#Mental Health", "#Yoga"],
      bursts: ["#MarathonSunday", "#SleepWeek", "#FluSeason"]),
  ]

  static let contentTypes: [ExactString] = ["text", "image", "video", "link", "poll", "carousel"]
  /// The one content type whose posts have a number of views.
  static let viewedContentType = 2

  static let cities: [ExactString] = [
    "New York", "Los Angeles", "Chicago", "London", "Paris", "Berlin", "Tokyo", "Seoul", "Mumbai",
    "Singapore", "Sydney", "Toronto", "Dubai", "São Paulo", "Mexico City",
  ]

  /// The original writes only `en`; here one account in five writes something else.
  static let languages: [(code: ExactString, weight: Int)] = [
    ("en", 80), ("es", 5), ("pt", 4), ("fr", 3), ("de", 3), ("ja", 2), ("ko", 1), ("hi", 1),
    ("ar", 1),
  ]

  /// Of seven letters at most, so that a username with its number stays within the fifteen bytes that
  /// a `String` holds without an allocation.
  static let givenNames = [
    "alma", "amir", "anna", "arjun", "aylin", "bela", "bruno", "carla", "chloe", "dario", "diego",
    "dina", "elena", "emil", "enzo", "erik", "esra", "fatima", "felix", "fiona", "greta", "hana",
    "hugo", "ida", "ines", "ivan", "jade", "jonas", "jun", "karim", "kenji", "lara", "leila",
    "lena", "leo", "lin", "luca", "maja", "marco", "mei", "mila", "nadia", "nico", "nina", "noah",
    "nora", "omar", "oscar", "paula", "petra", "priya", "rafael", "rosa", "ruth", "sami", "sara",
    "sofia", "tariq", "theo", "tomas", "vera", "yuki", "yusuf", "zoe",
  ]

  static let familyNames = [
    "abe", "adler", "ahmed", "amari", "bauer", "becker", "bianchi", "castro", "chen", "cohen",
    "costa", "cruz", "diaz", "dubois", "eriksen", "fischer", "fontana", "garcia", "gupta",
    "haddad", "hansen", "hughes", "ito", "jensen", "kaya", "keller", "khan", "kim", "kovacs",
    "kumar", "laine", "lee", "lopez", "marin", "mendes", "meyer", "moreau", "mori", "murphy",
    "nagy", "nguyen", "novak", "okafor", "olsen", "park", "patel", "pereira", "petrov", "popescu",
    "ramos", "reyes", "ricci", "rossi", "russo", "saito", "santos", "schmid", "silva", "singh",
    "suzuki", "tanaka", "torres", "vargas", "virtane", "wagner", "walker", "wang", "weber",
    "wilson", "yamada", "yilmaz", "young", "zhang", "ziegler",
  ]
}

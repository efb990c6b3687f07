namespace AmsMigration.Packaging.IsoBmff;

/// <summary>Between the three letters of mdhd (ISO 639-2, ISO/IEC 14496-12 8.4.2) and language tags (BCP 47, RFC 5646).</summary>
internal static class IsoLanguage
{
    private const ushort Undetermined = 0x55C4;

    /// <summary>ISO 639-1 and ISO 639-2/T.</summary>
    private const string Terminological =
        "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bhbih bibis bmbam bnben bobod "
        + "brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa "
        + "etest eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv "
        + "hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua "
        + "kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav "
        + "mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav "
        + "nynya ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd "
        + "sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir "
        + "tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid "
        + "yoyor zazha zhzho zuzul";

    /// <summary>ISO 639-1 and ISO 639-2/B, where that differs: found in old files.</summary>
    private const string Bibliographic =
        "botib cscze cywel deger elgre eubaq faper frfre hyarm isice kageo mimao mkmac msmay mybur nldut rorum skslo sqalb zhchi";

    private static readonly Dictionary<string, string> _toThree =
        Terminological.Split(' ').ToDictionary(e => e.Substring(0, 2), e => e.Substring(2));

    private static readonly Dictionary<string, string> _toTwo =
        (Terminological + " " + Bibliographic).Split(' ').ToDictionary(e => e.Substring(2), e => e.Substring(0, 2));

    /// <summary>
    /// The tag of three letters, e.g. <c>en</c> of <c>eng</c>; null for <c>und</c>, <c>mis</c>, <c>zxx</c> and what is no language.
    /// </summary>
    public static string? ToTag(string threeLetters)
    {
        string language = threeLetters.ToLowerInvariant();
        if (language is "und" or "mis" or "zxx" || language.Length != 3 || !language.All(IsLetter))
        {
            return null;
        }

        return _toTwo.TryGetValue(language, out string? two) ? two : language;
    }

    /// <summary>True where the primary language of a tag is in ISO 639-1, by its two letters or its three.</summary>
    public static bool IsKnown(string tag) => GetPrimary(tag) is string primary && (_toThree.ContainsKey(primary) || _toTwo.ContainsKey(primary));

    /// <summary>mdhd's 16 bits of three letters; <c>und</c> where the tag is null or has no three letters.</summary>
    public static ushort Pack(string? tag)
    {
        string primary = GetPrimary(tag);
        string three = _toThree.TryGetValue(primary, out string? found) ? found : primary;
        return three.Length == 3 && three.All(IsLetter)
            ? (ushort)(((three[0] - 0x60) << 10) | ((three[1] - 0x60) << 5) | (three[2] - 0x60))
            : Undetermined;
    }

    /// <summary>The three letters of mdhd's 16 bits; null where they are none (QuickTime's numbers).</summary>
    public static string? Unpack(ushort packed)
    {
        char[] letters = [(char)(((packed >> 10) & 31) + 0x60), (char)(((packed >> 5) & 31) + 0x60), (char)((packed & 31) + 0x60)];
        return letters.All(IsLetter) ? new string(letters) : null;
    }

    /// <summary>
    /// True where the tag says more than mdhd can (region, script, a language without three letters): elng says it (ISO/IEC 14496-12
    /// 8.4.6).
    /// </summary>
    public static bool NeedsExtendedTag(string? tag) =>
        !string.IsNullOrEmpty(tag) && (tag!.IndexOf('-') >= 0 || Pack(tag) == Undetermined) && tag.All(c => c > ' ' && c < 0x7F);

    private static string GetPrimary(string? tag)
    {
        string lower = (tag ?? string.Empty).ToLowerInvariant();
        int dash = lower.IndexOf('-');
        return dash < 0 ? lower : lower.Substring(0, dash);
    }

    private static bool IsLetter(char c) => c is >= 'a' and <= 'z';
}

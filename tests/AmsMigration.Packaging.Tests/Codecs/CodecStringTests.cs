using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Tests.Codecs;

/// <summary>The fixtures of vhs-utils are named after the codecs that they hold.</summary>
public class CodecStringTests
{
    /// <summary>Where a name is not what a manifest must say of the file, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["aac"] = "mp4a.40.2", // a codec's name, not a string of RFC 6381
        ["mp3"] = "mp4a.6B", // the same
        ["vorbis"] = "mp4a.dd", // the same; refused
        ["mp4a.40.34"] = "mp4a.6B", // the object type in the file is MPEG-1 audio, not MPEG-4 audio with object type 34
        ["av01.0.00M.08.0.110"] = "av01.0.00M.08", // the optional fields may be there all or none, and these have their default values
        ["vp09.01.00.00.00.00.00.20.00"] = "vp09.00.20.08", // the name takes the version and flags of vpcC for its first fields
        ["hev1.1.6.H120.90"] = "hvc1.1.6.H120.90", // all parameter sets are in hvcC, so that the entry is written as hvc1
        ["hev1.1.6.H150.90"] = "hvc1.1.6.H150.90",
        ["hev1.1.6.L60.90"] = "hvc1.1.6.L60.90",
        ["hev1.4.10.H120.9c.8"] = "hvc1.4.10.H120.9C.8",
        ["speex"] = "spex",
        ["theora"] = "theo",
        ["vorbis.mov"] = "msVo",
    };

    /// <summary>Those named .5 and .29 are AAC-LC with the object type overwritten, so that the core's reads as TwinVQ.</summary>
    private static readonly HashSet<string> Refused =
        ["vorbis", "speex", "theora", "mp4v.20.9", "mp4v.20.240", "mp4a.40.5", "mp4a.40.29"];

    [Theory]
    [InlineData("mp4", 129)]
    [InlineData("mov", 143)]
    public void Files_of_vhs_utils_give_the_codec_strings_that_they_are_named_after(string extension, int count)
    {
        string folder = Needs.NodePackage("@videojs/vhs-utils", $"test/fixtures/formats/{extension}");
        string[] files = Directory.GetFiles(folder, $"*.{extension}");
        Assert.Equal(count, files.Length);
        var wrong = new List<string>();
        foreach (string file in files)
        {
            string[] names = Path.GetFileNameWithoutExtension(file).Split(',');
            SampleDescription[] descriptions =
            [
                .. SampleEntryFinder.Find(File.ReadAllBytes(file))
                    .Where(found => found.Handler is "vide" or "soun")
                    .Select(found => SampleDescriptionReader.Read(found.Entry, found.Handler, Path.GetFileName(file), 0)),
            ];
            string[] expected = [.. names.Select(name => Expected(name, extension))];
            string[] actual = [.. descriptions.Select(description => description.Codec.CodecString)];
            bool[] refused = [.. descriptions.Select(description => description.Codec.Refusal is not null)];
            if (!expected.SequenceEqual(actual) || !refused.SequenceEqual(names.Select(Refused.Contains)))
            {
                wrong.Add($"{Path.GetFileName(file)}: {string.Join(",", actual)} refused: {string.Join(",", refused)}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string Expected(string name, string extension) =>
        Exceptions.GetValueOrDefault($"{name}.{extension}") ?? Exceptions.GetValueOrDefault(name, name);

    [Theory]
    [InlineData("mp4")]
    [InlineData("mov")]
    public void A_written_entry_reads_back_as_the_same_codec_and_the_same_bytes(string extension)
    {
        string folder = Needs.NodePackage("@videojs/vhs-utils", $"test/fixtures/formats/{extension}");
        foreach (string file in Directory.GetFiles(folder, $"*.{extension}"))
        {
            foreach ((string handler, byte[] entry) in SampleEntryFinder.Find(File.ReadAllBytes(file)))
            {
                SampleDescription first = SampleDescriptionReader.Read(entry, handler, file, 0);
                SampleDescription second = SampleDescriptionReader.Read(first.Entry, handler, file, 0);
                Assert.Equal(first.Entry, second.Entry);
                Assert.Equal(first.Codec.ToString(), second.Codec.ToString());
            }
        }
    }
}

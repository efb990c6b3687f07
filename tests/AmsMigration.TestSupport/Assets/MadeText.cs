using System.Text;

namespace AmsMigration.TestSupport.Assets;

/// <summary>Text in MP4 as ISO/IEC 14496-30 has it.</summary>
public static class MadeText
{
    public const string Configuration = "WEBVTT\n\nSTYLE\n::cue { color: lime }\n\nREGION\nid:top\nwidth:50%";

    private static readonly byte[] Empty = new TestBox("vtte").ToArray();

    /// <summary>Cues of the same time line in samples of as long as each set of cues is shown; times in milliseconds.</summary>
    public static MadeTrack WebVtt(uint id, params (uint Duration, (string Settings, string Payload)[] Cues)[] samples) => new()
    {
        Id = id,
        Handler = "text",
        Entries = [Entry("wvtt", new TestBox("vttC").Text(Configuration).ToArray())],
        Samples = [.. samples.Select(sample => new MadeSample(sample.Duration, sample.Cues.Length == 0 ? Empty : [.. sample.Cues.SelectMany(Cue)]))],
    };

    /// <summary>A document a sample; times in milliseconds.</summary>
    /// <param name="fourCC"><c>stpp</c>, or <c>dfxp</c> as Smooth Streaming has it.</param>
    public static MadeTrack Ttml(uint id, string fourCC, params (uint Duration, string Body)[] samples) => new()
    {
        Id = id,
        Handler = "subt",
        Entries = [Entry(fourCC, [.. "http://www.w3.org/ns/ttml\0\0\0"u8])],
        Samples = [.. samples.Select(sample => new MadeSample(sample.Duration, Document(sample.Body)))],
    };

    /// <summary>A text track of a live archive: a TTML document for each second.</summary>
    /// <param name="start">Of the first, seconds of the event's clock.</param>
    public static void AddTo(MemoryAssetStore archive, string folder, long start, params string[] bodies)
    {
        MadeTrack track = Ttml(1, "stpp", [.. bodies.Select(body => (1000u, body))]);
        archive.With($"{folder}/header", new Mp4Maker { Tracks = [new MadeTrack { Handler = "subt", Entries = track.Entries }], Fragments = [] }.ToArray());
        for (int i = 0; i < bodies.Length; i++)
        {
            long time = (start + i) * 1000;
            archive.With($"{folder}/{time}", MadeFragment.Of(new MadeTraf { DecodeTime = time, Samples = [track.Samples[i]] }).ToArray(0));
        }
    }

    public static byte[] Document(string body) => Encoding.UTF8.GetBytes($"<tt xmlns='http://www.w3.org/ns/ttml' xml:lang='fr'><body><div>{body}</div></body></tt>");

    private static byte[] Cue((string Settings, string Payload) cue) => new TestBox("vttc")
        .With(new TestBox("sttg").Text(cue.Settings), new TestBox("payl").Bytes(Encoding.UTF8.GetBytes(cue.Payload)))
        .ToArray();

    private static byte[] Entry(string fourCC, byte[] content) => new TestBox(fourCC).Zeros(6).U16(1).Bytes(content).ToArray();
}

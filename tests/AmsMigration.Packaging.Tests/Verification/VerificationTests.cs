using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Tests.Planning;
using AmsMigration.Packaging.Verification;

namespace AmsMigration.Packaging.Tests.Verification;

public sealed class VerificationTests
{
    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task A_sound_output_is_found_sound(OutputLayout layout)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(layout);

        VerificationReport report = await output.VerifyWithSourceAsync();

        Assert.Empty(report.Findings);
        Assert.Equal(3, report.Renditions);
        Assert.Equal(30 * 31 + 1450 + 1400, report.SamplesCompared);
        Assert.Empty((await output.VerifyAsync()).Findings);
    }

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Odd_but_true_outputs_are_found_sound(OutputLayout layout)
    {
        Track video = TestPresentation.Video(TestPresentation.Frames(300, 1001, 30, delay: 2, firstDecodeTime: 90_000));
        Track audio = TestPresentation.Audio(TestPresentation.Frames(500, 1024, 1));
        Track[][] oddities =
        [
            [video, audio],
            [video with { MediaTime = 92_002 }, audio with { MediaTime = 1024, RollDistance = 1 }],
            [video with { MediaTime = 92_002, Delay = 15_000 }, audio with { Delay = 480 }],
            [audio],
            [TestPresentation.Video(WithGap(1001, 30)), TestPresentation.Audio(WithGap(1024, 1))],
            [TestPresentation.Video(TestPresentation.Frames(1, 1001, 1))],
            [TestPresentation.Video(WithEmptySamples(i => i % 30 == 29)), TestPresentation.Audio(TestPresentation.Frames(500, 1024, 1))],
            [TestPresentation.Video(WithEmptySamples(i => i % 30 is 0 or 28 or 29))],
            [TestPresentation.Video(WithEmptySamples(_ => true))],
        ];
        foreach (Track[] tracks in oddities)
        {
            VerifiedOutput output = await VerifiedOutput.MakeAsync(layout, tracks);

            VerificationReport report = await output.VerifyWithSourceAsync();

            Assert.Empty(report.Findings);
            Assert.Equal(tracks.Sum(track => track.Samples.Count), report.SamplesCompared);
        }
    }

    private static SampleTable WithGap(uint duration, int syncInterval)
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 300; i++)
        {
            if (i == 90)
            {
                samples.SetDecodeTime(samples.DecodeTime + (200 * duration));
            }

            samples.Add(duration, 0, 100, i % syncInterval == 0, 0, i * 100);
        }

        return samples.Build();
    }

    /// <summary>A sync sample each 30.</summary>
    private static SampleTable WithEmptySamples(Func<int, bool> isEmpty)
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 300; i++)
        {
            samples.Add(1001, 0, isEmpty(i) ? 0u : 100, i % 30 == 0, 0, i * 100);
        }

        return samples.Build();
    }
}

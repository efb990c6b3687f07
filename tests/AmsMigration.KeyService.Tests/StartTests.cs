namespace AmsMigration.KeyService.Tests;

/// <summary>The program as people start it: exit codes, what it says, and that it serves nothing when it cannot start.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-keyservice-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("--export here --unheard-of 1")]
    [InlineData("--keys keys.csv")]
    [InlineData("--policy policy.json --export here")]
    [InlineData("--export here --requests-per-minute 0")]
    [InlineData("--export here --requests-per-minute many")]
    [InlineData("--export here --proxies 10.0.0.0/99")]
    [InlineData("--export here --proxies proxy.example.com")]
    public async Task A_wrong_command_line_ends_with_2(string arguments)
    {
        (int exitCode, _, string error) = await ServiceProcess.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, exitCode);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task What_cannot_be_read_ends_with_1_and_says_what()
    {
        string keys = Write("keys.csv", "Asset,KeyId,Key\n\"a\",9259eb06-eeee-4f77-987f-000000000002,ICEiIyQlJicoKSorLC0uLw==\n");
        string policy = Write("policy.json", Policies.Of(Policies.Open()).GetRawText());
        string noPolicy = Write("other.json", "{ not JSON, with a secret");
        string noKeys = Write("other.csv", "Asset,KeyId,Key\nICEiIyQlJicoKSorLC0uLw==\n");

        Assert.Equal((1, "ExportNotFound"), await CodeAsync("--export", _folder));
        Assert.Equal((1, "KeyFileNotFound"), await CodeAsync("--keys", Path.Combine(_folder, "none.csv"), "--policy", policy));
        Assert.Equal((1, "KeyFileUnreadable"), await CodeAsync("--keys", noKeys, "--policy", policy));
        Assert.Equal((1, "PolicyUnreadable"), await CodeAsync("--keys", keys, "--policy", noPolicy));
        Assert.Equal((1, "PolicyUnreadable"), await CodeAsync("--keys", keys, "--policy", Path.Combine(_folder, "none.json")));
        Assert.Equal((1, "CertificateUnreadable"), await CodeAsync("--export", _folder, "--certificate", noKeys));
        Assert.Equal((1, "FileUnreadable"), await CodeAsync("--export", _folder, "--passphrase-file", Path.Combine(_folder, "none.txt")));
    }

    [Fact]
    public async Task A_key_file_is_served_under_the_policy_that_goes_with_it()
    {
        string keys = Write("keys.csv", $"Asset,KeyId,Key\n\"a, b\",{Service.KeyId},{Convert.ToBase64String(Service.Key)}\n");
        string policy = Write("policy.json", Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret))).GetRawText());
        await using ServiceProcess service = await ServiceProcess.StartAsync(new() { ["KEYSERVICE_POLICY"] = policy }, "--keys", keys);
        using var client = new HttpClient { BaseAddress = service.Address };
        string token = Tokens.Hmac(Tokens.Secret);
        Assert.Equal("401 TokenMissing", await Service.OutcomeAsync(await client.GetAsync($"?kid={Service.KeyId}")));
        Assert.Equal("200 delivered", await Service.OutcomeAsync(await client.GetAsync($"?kid={Service.KeyId}&token={token}")));

        // A second one cannot have its address.
        (int exitCode, _, string error) = await ServiceProcess.RunAsync("--keys", keys, "--policy", policy, "--urls", service.Address.AbsoluteUri);
        Assert.Equal(1, exitCode);
        Assert.Contains("address already in use", error, StringComparison.OrdinalIgnoreCase);

        string log = await service.EndAsync();
        Assert.Contains("200 delivered", log, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], log, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<(int ExitCode, string Code)> CodeAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await ServiceProcess.RunAsync(arguments);
        Assert.DoesNotContain("listening", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.DoesNotContain("ICEiIyQl", error, StringComparison.Ordinal);
        return (exitCode, error.Split(':')[0]);
    }
}

# Approved software by winget, as a task in the session of whoever is signed in: winget works neither over WinRM nor as
# the system account. What asks for an administrator asks the person at the screen; the task can answer nothing.
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateSet(
        '7zip.7zip', 'Adobe.Acrobat.Reader.64-bit', 'Google.Chrome', 'Microsoft.Edge',
        'Microsoft.PowerToys', 'Microsoft.Teams', 'Microsoft.VisualStudioCode', 'Mozilla.Firefox',
        'Notepad++.Notepad++', 'VideoLAN.VLC', 'Zoom.Zoom'
    )]
    [string]$Package,

    [Parameter(Mandatory)]
    [ValidateSet('install', 'upgrade', 'repair')]
    [string]$Do,

    [string]$User = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-SignedIn {
    # Whose desktop runs: by the shell's processes, since what quser says is in the language of the host.
    Get-CimInstance -ClassName Win32_Process -Filter "Name = 'explorer.exe'" | ForEach-Object {
        $owner = Invoke-CimMethod -InputObject $_ -MethodName GetOwner -ErrorAction SilentlyContinue
        $sid = Invoke-CimMethod -InputObject $_ -MethodName GetOwnerSid -ErrorAction SilentlyContinue
        if ($owner -and $sid -and $owner.ReturnValue -eq 0 -and $sid.ReturnValue -eq 0) {
            [pscustomobject]@{
                Account = $owner.User
                Domain  = $owner.Domain
                Sid     = $sid.Sid
                Session = $_.SessionId
                Since   = $_.CreationDate
            }
        }
    } | Sort-Object -Property Session -Unique
}

function Get-Person([string]$Name) {
    $there = @(Get-SignedIn)
    $account = $Name.Split('@')[0]
    if ($account) { $there = @($there | Where-Object { $_.Account -eq $account }) }
    if (-not $there.Count) { throw "Nobody of that name is signed in to $env:COMPUTERNAME." }
    $people = @($there | Sort-Object -Property Sid -Unique)
    if ($people.Count -gt 1) {
        throw "Several people are signed in: $(@($people.Account) -join ', '). Say which one is meant."
    }
    $people[0]
}

$person = Get-Person -Name $User
$account = Get-CimInstance -ClassName Win32_UserProfile -Filter "SID = '$($person.Sid)'"
$winget = Join-Path -Path $account.LocalPath -ChildPath 'AppData\Local\Microsoft\WindowsApps\winget.exe'

# Only words of the two lists above: nothing that anybody typed.
$words = $Do, '--id', $Package, '--exact', '--source', 'winget', '--silent', '--accept-source-agreements',
    '--accept-package-agreements', '--disable-interactivity'
'winget {0}, as {1} in session {2}' -f ($words -join ' '), $person.Account, $person.Session

if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, "winget $Do $Package for $($person.Account)")) {
    $task = 'Firstline-' + [guid]::NewGuid().ToString()
    $action = New-ScheduledTaskAction -Execute $winget -Argument ($words -join ' ')
    $principal = New-ScheduledTaskPrincipal -UserId $person.Sid -LogonType Interactive -RunLevel Limited
    $limit = New-TimeSpan -Minutes 25
    $settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit $limit -AllowStartIfOnBatteries `
        -DontStopIfGoingOnBatteries
    $null = Register-ScheduledTask -TaskName $task -Action $action -Principal $principal -Settings $settings
    try {
        Start-ScheduledTask -TaskName $task
        $until = (Get-Date).AddMinutes(26)
        do {
            Start-Sleep -Seconds 3
            $state = (Get-ScheduledTask -TaskName $task).State
        } while ($state -in 'Running', 'Queued' -and (Get-Date) -lt $until)
        $code = (Get-ScheduledTaskInfo -TaskName $task).LastTaskResult
    } finally {
        Stop-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue
        Unregister-ScheduledTask -TaskName $task -Confirm:$false
    }
    $known = @{
        '00000000' = 'winget says that it is done.'
        '8A15002B' = 'There is nothing newer than what is installed.'
        '8A150014' = 'winget finds no such package.'
        '8A150011' = 'The download is not what it should be, and was not installed.'
        '8A150056' = 'The package cannot be installed for one person without an administrator.'
        '80070002' = 'There is no winget for this person: it comes with the App Installer of the Microsoft Store.'
        '00041303' = 'The task did not start: is the person still signed in?'
    }
    $hex = '{0:X8}' -f $code
    if ($known.ContainsKey($hex)) { $known[$hex] } else { "winget ended with the code 0x$hex." }
    if ($hex -notin '00000000', '8A15002B') { exit 1 }
}

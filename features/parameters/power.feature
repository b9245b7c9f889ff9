@parameters @power
Feature: The parameters of the actions that name a list of instances
  A list of up to 100 ids is required. A call that lacks it, or has it wrong, is refused
  and changes nothing.

  @{clauses}-IDS
  Rule: The {subject} of {action} are a required array of up to 100 strings; an empty one is refused with a documented 4xx pair, or answered with success and nothing is done.

    @power-ids-missing @E-MISSING @R-REFUSED-UNCHANGED
    Scenario Outline: <action> without instanceIds is refused
      Given a <from> instance
      When <action> is called without instanceIds
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

      Examples:
        | action          | from    |
        | StartInstances  | STOPPED |
        | StopInstances   | RUNNING |
        | RebootInstances | RUNNING |

    @power-other-parameter @E-MISSING @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with instanceId, and without instanceIds, is refused
      Given a <from> instance
      When <action> is called with what ModifyInstanceType takes
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

      Examples:
        | action          | from    |
        | StartInstances  | STOPPED |
        | StopInstances   | RUNNING |
        | RebootInstances | RUNNING |

    @power-ids-null @R-PARAMETER-EMPTY @R-REFUSED-UNCHANGED
    Scenario Outline: <action> whose instanceIds is null is refused
      Given a <from> instance
      When <action> is called with instanceIds as null
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | action          | from    |
        | StartInstances  | STOPPED |
        | StopInstances   | RUNNING |
        | RebootInstances | RUNNING |

    @power-ids-empty @R-REFUSED-UNCHANGED
    Scenario Outline: <action> on no instance does nothing
      Given a <from> instance
      When <action> is called with instanceIds as []
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged

      Examples:
        | action          | from    |
        | StartInstances  | STOPPED |
        | StopInstances   | RUNNING |
        | RebootInstances | RUNNING |

    @power-ids-wrong-type @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a <from> instance
      When <action> is called with instanceIds as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | case                                           | action          | from    | value                      |
        | StartInstances, instanceIds a text             | StartInstances  | STOPPED | "no-such-instance"         |
        | StartInstances, instanceIds the id alone       | StartInstances  | STOPPED | "its own id"               |
        | StartInstances, instanceIds a number           | StartInstances  | STOPPED | 42                         |
        | StartInstances, instanceIds a boolean          | StartInstances  | STOPPED | true                       |
        | StartInstances, instanceIds an object          | StartInstances  | STOPPED | {"id": "no-such-instance"} |
        | StartInstances, instanceIds a list of numbers  | StartInstances  | STOPPED | [42]                       |
        | StopInstances, instanceIds a text              | StopInstances   | RUNNING | "no-such-instance"         |
        | StopInstances, instanceIds the id alone        | StopInstances   | RUNNING | "its own id"               |
        | StopInstances, instanceIds a number            | StopInstances   | RUNNING | 42                         |
        | StopInstances, instanceIds a boolean           | StopInstances   | RUNNING | true                       |
        | StopInstances, instanceIds an object           | StopInstances   | RUNNING | {"id": "no-such-instance"} |
        | StopInstances, instanceIds a list of numbers   | StopInstances   | RUNNING | [42]                       |
        | RebootInstances, instanceIds a text            | RebootInstances | RUNNING | "no-such-instance"         |
        | RebootInstances, instanceIds the id alone      | RebootInstances | RUNNING | "its own id"               |
        | RebootInstances, instanceIds a number          | RebootInstances | RUNNING | 42                         |
        | RebootInstances, instanceIds a boolean         | RebootInstances | RUNNING | true                       |
        | RebootInstances, instanceIds an object         | RebootInstances | RUNNING | {"id": "no-such-instance"} |
        | RebootInstances, instanceIds a list of numbers | RebootInstances | RUNNING | [42]                       |

    @power-too-many-ids @E-TOO-LONG
    Scenario Outline: <action> refuses more than 100 ids
      Given an instance that does not exist
      When <action> is called with 101 made-up ids
      Then the answer is the error 400 INVALID_PARAMETER_EXCEED_LENGTH

      Examples:
        | action          |
        | StartInstances  |
        | StopInstances   |
        | RebootInstances |

    @power-100-ids @{clauses}-ABSENT
    Scenario Outline: <action> takes 100 ids
      Given an instance that does not exist
      When <action> is called with 100 made-up ids
      Then it is refused with 404 INVALID_INSTANCE_NOT_FOUND, or named as failed

      Examples:
        | action          |
        | StartInstances  |
        | StopInstances   |

  @{clauses}-BODY
  Rule: A body of {action} that is empty or no object, and so names no {subject}, is refused with a documented 400 pair.

    @power-empty-body @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with an empty body is refused
      Given a <from> instance
      When <action> is called with an empty body
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | action          | from    |
        | StartInstances  | STOPPED |
        | StopInstances   | RUNNING |
        | RebootInstances | RUNNING |

    @power-no-object @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a <from> instance
      When <action> is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | case                               | action          | from    | body           |
        | StartInstances with an empty list  | StartInstances  | STOPPED | []             |
        | StartInstances with a list of ids  | StartInstances  | STOPPED | ["its own id"] |
        | StartInstances with a text         | StartInstances  | STOPPED | "text"         |
        | StartInstances with null           | StartInstances  | STOPPED | null           |
        | StopInstances with an empty list   | StopInstances   | RUNNING | []             |
        | StopInstances with a list of ids   | StopInstances   | RUNNING | ["its own id"] |
        | StopInstances with a text          | StopInstances   | RUNNING | "text"         |
        | StopInstances with null            | StopInstances   | RUNNING | null           |
        | RebootInstances with an empty list | RebootInstances | RUNNING | []             |
        | RebootInstances with a list of ids | RebootInstances | RUNNING | ["its own id"] |
        | RebootInstances with a text        | RebootInstances | RUNNING | "text"         |
        | RebootInstances with null          | RebootInstances | RUNNING | null           |

  @A-STOP-FORCE
  Rule: The parameter forceShutdown of StopInstances is an optional boolean.

    @force-value @change
    Scenario Outline: StopInstances with a forceShutdown that is <value> stops the instance
      Given a RUNNING instance
      When StopInstances is called on it with forceShutdown as <value>
      Then the answer is a success
      And the instance goes through STOPPING to STOPPED and stays there

      Examples:
        | value |
        | true  |
        | false |

    @force-wrong-type @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: StopInstances whose forceShutdown is <case> is refused
      Given a RUNNING instance
      When StopInstances is called with forceShutdown as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | case      | value    |
        | a text    | "true"   |
        | a number  | 1        |
        | a list    | [true]   |
        | an object | {"v": 1} |

  @C-OPTIONAL-EMPTY
  Rule: An optional parameter that is null, an empty list, or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair; an optional parameter that is the empty text may besides count as a value that nothing has.

    @force-empty @A-STOP-FORCE
    Scenario Outline: A forceShutdown that is <case> counts as absent, or is refused
      Given an instance that does not exist
      When StopInstances is called with forceShutdown as <value>
      Then the answer is a success or a documented 4xx error

      Examples:
        | case           | value |
        | null           | null  |
        | the empty text | ""    |
